import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { FactorChange } from "./factor-change.ts";
import { deleteFactor, restoreFactor } from "./factor-statements.ts";
import type { FactorPlace, FactorStore } from "./factor-store.ts";
import { factorsMax } from "./factor-store.ts";
import type { SecondFactors } from "./second-factors.ts";
import { hasTotpFactor, withDevices } from "./second-factors.ts";

/** Why a change stays: it is undone already, what went cannot come back, or there is no room for it. */
export type NotTakenBack = "changed-since" | "not-restorable" | "too-many-factors";

export interface TakenBack {
  reason?: NotTakenBack;
  /** The summary afterwards. */
  next: SecondFactors;
  statements: readonly Statement[];
}

interface TakeBackDependencies {
  factors: Pick<FactorStore, "readFactor" | "listKeys">;
  table: string;
  nowMs: number;
}

/**
 * What undoing a change takes, seen from the factors as they are now. An app that was removed comes
 * back as it was, an app or device that was bound goes, new backup codes are void. A revoked device
 * and backup codes that were replaced are gone for good.
 */
export async function takeBack(
  memberId: string,
  seen: SecondFactors,
  change: FactorChange,
  dependencies: TakeBackDependencies,
): Promise<TakenBack> {
  switch (change.kind) {
    case "factor-bound":
      return unbind(memberId, seen, change, dependencies);
    case "factor-removed":
      return restore({ memberId, factorId: change.factorId }, seen, dependencies);
    case "backup-codes-generated":
      return change.backupCodeGeneration === seen.backupCodeGeneration
        ? { next: voidCodes(seen), statements: await deleteCodes(memberId, dependencies) }
        : { reason: "changed-since", next: seen, statements: [] };
    case "device-registered":
      return unregister(memberId, seen, change.deviceId, dependencies);
    case "device-revoked":
      return { reason: "not-restorable", next: seen, statements: [] };
  }
}

/** Takes an app away; the one that it replaced comes back, and codes that came with it go. */
async function unbind(
  memberId: string,
  seen: SecondFactors,
  change: Extract<FactorChange, { kind: "factor-bound" }>,
  dependencies: TakeBackDependencies,
): Promise<TakenBack> {
  const { factorId, replacedFactorId, backupCodeGeneration } = change;
  if (!seen.totpFactorIds.includes(factorId)) {
    return { reason: "changed-since", next: seen, statements: [] };
  }
  const without = { ...seen, totpFactorIds: seen.totpFactorIds.filter((id) => id !== factorId) };
  const restored = replacedFactorId
    ? await restore({ memberId, factorId: replacedFactorId }, without, dependencies)
    : { next: without, statements: [] };
  const unbound = deleteFactor(dependencies.table, { memberId, factorId });
  const kept = restored.next;
  const isLast = !hasTotpFactor(kept);
  if (!isLast && backupCodeGeneration !== seen.backupCodeGeneration) {
    return { next: kept, statements: [unbound, ...restored.statements] };
  }
  const { table } = dependencies;
  const devices = isLast
    ? kept.deviceIds.map((deviceId) => ({
        Delete: { TableName: table, Key: identityKeys.device(memberId, deviceId) },
      }))
    : [];
  return {
    next: voidCodes(isLast ? withDevices(kept, []) : kept),
    statements: [
      unbound,
      ...restored.statements,
      ...devices,
      ...(await deleteCodes(memberId, dependencies)),
    ],
  };
}

/** Brings a removed app back, while it is kept and there is room. */
async function restore(
  place: FactorPlace,
  seen: SecondFactors,
  { factors, table, nowMs }: TakeBackDependencies,
): Promise<TakenBack> {
  const factor = await factors.readFactor(place);
  if (factor?.status !== "removed") {
    const reason = seen.totpFactorIds.includes(place.factorId) ? "changed-since" : "not-restorable";
    return { reason, next: seen, statements: [] };
  }
  if (seen.totpFactorIds.length >= factorsMax) {
    return { reason: "too-many-factors", next: seen, statements: [] };
  }
  return {
    next: { ...seen, totpFactorIds: [...seen.totpFactorIds, place.factorId] },
    statements: [restoreFactor(table, place, nowMs)],
  };
}

/** Forgets a device that is still trusted. */
function unregister(
  memberId: string,
  seen: SecondFactors,
  deviceId: string,
  { table }: TakeBackDependencies,
): TakenBack {
  if (!seen.deviceIds.includes(deviceId)) {
    return { reason: "changed-since", next: seen, statements: [] };
  }
  const { devicesExpireAtMs: _, ...others } = seen;
  return {
    next: { ...others, deviceIds: seen.deviceIds.filter((id) => id !== deviceId) },
    statements: [{ Delete: { TableName: table, Key: identityKeys.device(memberId, deviceId) } }],
  };
}

/** No code of any set is good any more. */
const voidCodes = (factors: SecondFactors): SecondFactors => ({
  ...factors,
  backupCodeGeneration: factors.backupCodeGeneration + 1,
  backupCodesLeft: 0,
});

const deleteCodes = async (
  memberId: string,
  { factors, table }: TakeBackDependencies,
): Promise<Statement[]> =>
  (await factors.listKeys(memberId, identityKeys.backupCodePrefix)).map((Key) => ({
    Delete: { TableName: table, Key },
  }));
