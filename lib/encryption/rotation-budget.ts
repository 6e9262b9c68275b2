import { manufacturerKeys } from "../aws/item-keys.ts";
import type { PeriodBudget } from "../aws/period-budget.ts";
import { toRfc3339 } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { KeyPurpose } from "./key-id.ts";

/**
 * Rotations within a day of UTC, both series together. When a manufacturer's are used up each session
 * has some more of its own, so that whoever holds one session keeps nobody else from rotating away
 * from a compromised version and withdrawing it.
 */
export const rotationsPerDay = { ofManufacturer: 24, ofSession: 6 } as const;

/** One of our own records' series counts for more: it has every sealed field looked at for weeks. */
export const rotationCost: Readonly<Record<KeyPurpose, number>> = { envelope: 1, record: 6 };

/** What a session can draw on within the day that `nowMs` is in, in this order. */
export function rotationBudgets(
  { manufacturerId, sessionId }: { readonly manufacturerId: string; readonly sessionId: string },
  nowMs: number,
): readonly [PeriodBudget, PeriodBudget] {
  const day = toRfc3339(nowMs).slice(0, 10);
  const endsAtMs = dayEndMs(nowMs);
  return [
    {
      key: manufacturerKeys.rotations(manufacturerId, day),
      max: rotationsPerDay.ofManufacturer,
      endsAtMs,
    },
    {
      key: manufacturerKeys.rotationsInSession(manufacturerId, day, sessionId),
      max: rotationsPerDay.ofSession,
      endsAtMs,
    },
  ];
}

/** 429 until the day is over. */
export const tooManyRotations = (nowMs: number): Problem =>
  new Problem("too-many-rotations", {
    detail: "Keys can be rotated again from midnight UTC on, and by another session at once.",
    headers: { "retry-after": String(Math.ceil((dayEndMs(nowMs) - nowMs) / 1000)) },
  });

const dayEndMs = (nowMs: number): number => new Date(nowMs).setUTCHours(24, 0, 0, 0);
