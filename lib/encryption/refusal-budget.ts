import type { RecordFailure } from "../audit/record.ts";

const hourMs = 3_600_000;
const fullRecordsPerHour = 20;
const actorsMax = 1_000;

/**
 * Keeps a member from filling the audit trail with forged envelopes. Of each member and problem code,
 * the first 20 refusals in an hour have a record each, and from then on every doubling of their number:
 * the 40th, 80th, 160th and so on. Such a record says in `refusals` how many there were in that hour,
 * so the newest one is short of the true number by less than half. Counted in each environment.
 */
export function budgetRefusals(recordFailure: RecordFailure): RecordFailure {
  const counts = new Map<string, { hour: number; refusals: number }>();
  return async (entry) => {
    const name = JSON.stringify([entry.manufacturerId, entry.actorId, entry.details?.["code"]]);
    const hour = Math.floor(entry.timeMs / hourMs);
    const known = counts.get(name);
    const refusals = (known?.hour === hour ? known.refusals : 0) + 1;
    counts.delete(name);
    counts.set(name, { hour, refusals });
    const oldest = counts.keys().next().value;
    if (counts.size > actorsMax && oldest !== undefined) counts.delete(oldest);
    if (refusals <= fullRecordsPerHour) await recordFailure(entry);
    else if (isDoubling(refusals / fullRecordsPerHour)) {
      await recordFailure({ ...entry, details: { ...entry.details, refusals } });
    }
  };
}

const isDoubling = (ratio: number): boolean => Number.isInteger(Math.log2(ratio));
