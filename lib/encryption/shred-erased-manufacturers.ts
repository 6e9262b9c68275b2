import { platformManufacturerId } from "../access/rank.ts";
import { systemOrigin } from "../audit/origin.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { tables } from "../aws/tables.ts";
import { toRfc3339 } from "../clock.ts";
import type { InvocationTime } from "../http/task.ts";
import type { ErasureCertificate, ErasureDependencies } from "./erase-manufacturer.ts";
import { dayMs, shredManufacturerKeys } from "./erase-manufacturer.ts";
import type { ErasedManufacturersStore } from "./erased-manufacturers-store.ts";
import type { ScheduledErasure } from "./erasure-store.ts";
import type { ManufacturerItem, MemberErasureStore } from "./member-erasure-store.ts";
import { resumeRestoredErasures } from "./resume-restored-erasures.ts";
import { followKeys, itemsOf } from "./suspend-erased-members.ts";

export interface ShredDependencies extends ErasureDependencies {
  readonly members: MemberErasureStore;
  readonly erased: ErasedManufacturersStore;
  readonly auditTable: string;
}

/** Kept back so that what has been begun can be finished. */
const reserveMs = 15_000;

/**
 * Goes through all erasures: suspends members again that appeared meanwhile, and erases for good what
 * is due, also again where a restore brought it back. What is cut off is found again by the next run.
 * @throws AggregateError of what failed, after all the others were done
 */
export async function shredErasedManufacturers(
  _event: unknown,
  dependencies: ShredDependencies,
  { remainingMs }: InvocationTime,
): Promise<{ waiting: number; erased: number }> {
  const counts = { waiting: 0, erased: 0 };
  const failures: unknown[] = [];
  await resumeRestoredErasures(dependencies).catch((error: unknown) => failures.push(error));
  for await (const scheduled of erasuresOf(dependencies)) {
    if (remainingMs() < reserveMs) break;
    try {
      await followKeys(dependencies, scheduled.manufacturerId);
      if (scheduled.eraseAfterMs > dependencies.now()) counts.waiting += 1;
      else {
        await eraseForGood(dependencies, scheduled);
        counts.erased += 1;
      }
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "erasures failed");
  return counts;
}

async function* erasuresOf({ erasure }: ShredDependencies): AsyncGenerator<ScheduledErasure> {
  let cursor: Record<string, unknown> | undefined;
  do {
    const page = await erasure.list(cursor);
    yield* page.erasures;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** Keys first: from then on, nothing that is left of the sealed data can be read. */
async function eraseForGood(
  dependencies: ShredDependencies,
  { manufacturerId }: ScheduledErasure,
): Promise<void> {
  const { auditTable, erased, erasure, members, now } = dependencies;
  const certificate = await shredManufacturerKeys(dependencies, manufacturerId);
  for await (const item of itemsOf(members, manufacturerId)) await eraseItem(members, item);
  const entry = certify(certificate, now());
  await erasure.finish(manufacturerId, [
    erased.put({ manufacturerId, requestedAtMs: certificate.requestedAtMs }),
    auditPut(auditTable, { ...entry, manufacturerId }),
    auditPut(auditTable, { ...entry, manufacturerId: platformManufacturerId }),
  ]);
}

/** The member's own item last: while it is there, a run that was cut off finds the rest again. */
async function eraseItem(members: MemberErasureStore, item: ManufacturerItem): Promise<void> {
  const { emailHash, memberId } = item;
  if (memberId !== undefined) {
    if (emailHash !== undefined) await members.deleteLogin(emailHash, memberId);
    await members.deleteMemberItems(memberId);
  }
  await members.deleteItem(item);
}

/**
 * The certificate, for the trail of the manufacturer and for the platform's. Two dates, because they
 * differ: sealed data is gone with the last backup of the keys, names and addresses of members with
 * the last backup of their own table.
 */
function certify(
  certificate: ErasureCertificate,
  membersErasedAtMs: number,
): Omit<AuditEntry, "manufacturerId"> {
  const recordsClearAtMs = membersErasedAtMs + tables.identity.recoveryDays * dayMs;
  return {
    subjectId: certificate.manufacturerId,
    action: "operator.manufacturer.erased",
    outcome: "success",
    origin: systemOrigin("shredErasedManufacturers"),
    timeMs: membersErasedAtMs,
    details: {
      requestedAt: toRfc3339(certificate.requestedAtMs),
      keysDestroyedAt: toRfc3339(certificate.erasedAtMs),
      keyVersionsDestroyed: certificate.keyVersionsDestroyed,
      cachesClearAt: toRfc3339(certificate.cachesClearAtMs),
      keyBackupsClearAt: toRfc3339(certificate.backupsClearAtMs),
      sealedDataGoneAt: toRfc3339(certificate.effectiveAtMs),
      membersErasedAt: toRfc3339(membersErasedAtMs),
      memberBackupsClearAt: toRfc3339(recordsClearAtMs),
      effectiveAt: toRfc3339(Math.max(certificate.effectiveAtMs, recordsClearAtMs)),
    },
  };
}
