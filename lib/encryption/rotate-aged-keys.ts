import { systemOrigin } from "../audit/origin.ts";
import { auditPut } from "../audit/record.ts";
import type { InvocationTime } from "../http/task.ts";
import { Problem } from "../problem.ts";
import type { AgedVersion, AgedVersionStore } from "./aged-version-store.ts";
import type { KeyManagementDependencies } from "./create-manufacturer-keys.ts";
import { rotateEncryptionKey } from "./rotate-encryption-key.ts";
import { rotateEveryDaysMin, settingsOf } from "./settings.ts";

export interface AgedRotationDependencies extends KeyManagementDependencies {
  readonly aged: AgedVersionStore;
  readonly auditTable: string;
}

const dayMs = 86_400_000;

/** Kept back so that a rotation that was begun can be finished. */
const reserveMs = 15_000;

/** Draws on its own budget of rotations where people have used up the manufacturer's. */
const scheduleSession = "schedule";

/**
 * Gives every series a new version whose newest one is as old as the manufacturer's settings say. A
 * re-encrypt job follows each rotation of the platform's own fields, as it does when a person rotates.
 * What is left over, or was rotated too often today, is due again at the next run; a version that
 * somebody replaces meanwhile is rotated once.
 * @throws AggregateError of what failed, after all the others were rotated
 */
export async function rotateAgedKeys(
  _event: unknown,
  dependencies: AgedRotationDependencies,
  { remainingMs }: InvocationTime,
): Promise<{ rotated: number; waiting: number }> {
  const counts = { rotated: 0, waiting: 0 };
  const failures: unknown[] = [];
  for await (const version of agedVersions(dependencies)) {
    if (remainingMs() < reserveMs) break;
    try {
      if (!(await isDue(dependencies, version))) continue;
      await rotate(dependencies, version);
      counts.rotated += 1;
    } catch (error) {
      if (error instanceof Problem && error.code === "too-many-rotations") counts.waiting += 1;
      else failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "rotations by age failed");
  return counts;
}

async function* agedVersions({ aged, now }: AgedRotationDependencies): AsyncGenerator<AgedVersion> {
  const createdUntilMs = now() - rotateEveryDaysMin * dayMs;
  let cursor: Record<string, unknown> | undefined;
  do {
    const page = await aged.list(createdUntilMs, cursor);
    yield* page.versions;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** Keys that are about to be erased, or are gone, are left alone. */
async function isDue(
  { now, store }: AgedRotationDependencies,
  { createdAtMs, manufacturerId }: AgedVersion,
): Promise<boolean> {
  const keys = await store.readManufacturerKeys(manufacturerId);
  if (keys?.state !== "active") return false;
  const { rotateEveryDays } = settingsOf(keys);
  return rotateEveryDays !== null && now() >= createdAtMs + rotateEveryDays * dayMs;
}

async function rotate(
  dependencies: AgedRotationDependencies,
  { manufacturerId, purpose, version }: AgedVersion,
): Promise<void> {
  const { auditTable, now } = dependencies;
  await rotateEncryptionKey(
    dependencies,
    { manufacturerId, sessionId: scheduleSession, purpose, version },
    (_change, keyId) => [
      auditPut(auditTable, {
        manufacturerId,
        subjectId: keyId,
        action: "encryption.key.rotated",
        outcome: "success",
        origin: systemOrigin("rotateAgedKeys"),
        timeMs: now(),
        details: { reason: "age" },
      }),
    ],
  );
}
