import type { PeriodBudget } from "../aws/period-budget.ts";
import type { Statement } from "../aws/transact.ts";
import { Problem } from "../problem.ts";
import type { KeyManagementDependencies } from "./create-manufacturer-keys.ts";
import { createManufacturerKeys, generateVersion } from "./create-manufacturer-keys.ts";
import { dataKeyCacheLimits } from "./data-key-cache.ts";
import type { KeyPurpose } from "./key-id.ts";
import { formatKeyId } from "./key-id.ts";
import type { KeyVersion } from "./manufacturer-keys.ts";
import { requireActive } from "./manufacturer-keys.ts";
import type { ReEncryptJob } from "./re-encrypt-job-store.ts";
import { rotationBudgets, rotationCost, tooManyRotations } from "./rotation-budget.ts";
import type { Rotation } from "./store.ts";
import { rotationStatements } from "./store.ts";

const longestInvocationMs = 15 * 60_000;
const clockSkewMs = 5 * 60_000;

/**
 * How long after a rotation somebody may still write a record under the old version: a cached key,
 * held by the longest invocation Lambda allows, on a clock that is off.
 */
export const fenceMs = dataKeyCacheLimits.lifetimeMs + longestInvocationMs + clockSkewMs;

/** The statements that record a change of a key, written in its transaction. */
export type KeyAudit = (change: "rotated" | "revoked", keyId: string) => readonly Statement[];

/** Whose key is to be rotated, and by which session. */
export interface RotationRequest {
  readonly manufacturerId: string;
  readonly sessionId: string;
  readonly purpose: KeyPurpose;
  /** Rotates only if this version is still the newest; else the newest is answered. */
  readonly version?: number;
}

type RotationDependencies = KeyManagementDependencies & { readonly fenceMs?: number };

/**
 * Makes a new version the one that seals; older ones still open. Nothing is re-encrypted before the
 * new version is stored, and the transaction that stores it is the commit point. Who loses a race
 * gets the winner's version. Counted in the manufacturer's rotations of the day, in the session's own
 * once these are used up; KMS is asked only where some are left, and the transaction counts exactly.
 * @throws Problem `too-many-rotations`, `erasure-pending`, `key-destroyed`, `rotation-conflict`,
 * `contention`, `kms-denied`, `kms-throttled`, `kms-unavailable`
 */
export async function rotateEncryptionKey(
  dependencies: RotationDependencies,
  request: RotationRequest,
  audit: KeyAudit = () => [],
): Promise<KeyVersion> {
  const { now, store } = dependencies;
  const { manufacturerId, purpose } = request;
  const before =
    (await store.readManufacturerKeys(manufacturerId)) ??
    (await createManufacturerKeys(dependencies, manufacturerId));
  requireActive(before);
  const current = before.newest[purpose];
  if (request.version !== undefined && request.version !== current) {
    return readWinner(dependencies, request, request.version);
  }
  const nowMs = now();
  for (const budget of rotationBudgets(request, nowMs)) {
    const rotated = await rotateWithin(budget, dependencies, { ...request, current }, audit);
    if (rotated) return rotated;
  }
  throw tooManyRotations(nowMs);
}

/** The new version, or whichever overtook it; undefined where the budget has too little left. */
async function rotateWithin(
  budget: PeriodBudget,
  dependencies: RotationDependencies,
  request: RotationRequest & { readonly current: number },
  audit: KeyAudit,
): Promise<KeyVersion | undefined> {
  const { store } = dependencies;
  const spent = await store.countRotations(budget);
  if (spent + rotationCost[request.purpose] > budget.max) return undefined;
  const rotation = await prepareRotation(dependencies, request);
  const { next } = rotation;
  const outcome = await store.rotate({ ...rotation, budget }, audit("rotated", next.keyId));
  if (outcome.committed) return next;
  const isOvertaken = outcome.failed.has(rotationStatements.newest);
  if (!isOvertaken && outcome.failed.has(rotationStatements.budget)) return undefined;
  return readWinner(dependencies, request, request.current);
}

async function prepareRotation(
  dependencies: RotationDependencies,
  replaced: { manufacturerId: string; purpose: KeyPurpose; current: number },
): Promise<Omit<Rotation, "budget">> {
  const { current, manufacturerId, purpose } = replaced;
  const version = current + 1;
  const next = await generateVersion(dependencies, { manufacturerId, purpose, version });
  const retiredAtMs = dependencies.now();
  const fenceUntilMs = retiredAtMs + (dependencies.fenceMs ?? fenceMs);
  const previousKeyId = formatKeyId(purpose, current);
  const rotation = { next, previousKeyId, retiredAtMs, fenceUntilMs };
  if (purpose === "envelope") return rotation;
  return { ...rotation, job: newJob(manufacturerId, previousKeyId, fenceUntilMs) };
}

async function readWinner(
  { store }: KeyManagementDependencies,
  { manufacturerId, purpose }: { manufacturerId: string; purpose: KeyPurpose },
  current: number,
): Promise<KeyVersion> {
  const after = await store.readManufacturerKeys(manufacturerId);
  if (after === undefined) throw new Problem("rotation-conflict");
  requireActive(after);
  const newest = after.newest[purpose];
  const winner = await store.readVersion(manufacturerId, formatKeyId(purpose, newest));
  if (newest === current || winner === undefined) throw new Problem("rotation-conflict");
  return winner;
}

const newJob = (manufacturerId: string, keyId: string, fenceUntilMs: number): ReEncryptJob => ({
  manufacturerId,
  keyId,
  fenceUntilMs,
  revision: 0,
  found: 0,
  migrated: 0,
  emptyPasses: 0,
});
