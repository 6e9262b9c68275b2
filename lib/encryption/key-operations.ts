import type { Actor } from "../access/actor-condition.ts";
import type { Origin } from "../audit/origin.ts";
import { auditPut } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { Caller, OperationBody, OperationRequest } from "../http/request.ts";
import type {
  listKeyVersionsRoute,
  revokeKeyVersionRoute,
  rotateEncryptionKeyRoute,
} from "./api.ts";
import type { KeyManagementDependencies } from "./create-manufacturer-keys.ts";
import { epochCheckMs } from "./key-ring.ts";
import type { KeyVersionSummary } from "./list-key-versions.ts";
import { listKeyVersions, summarizeKeyVersion } from "./list-key-versions.ts";
import type { KeyVersion } from "./manufacturer-keys.ts";
import { stateAt } from "./manufacturer-keys.ts";
import { revokeKeyVersion } from "./revoke-key-version.ts";
import type { KeyAudit } from "./rotate-encryption-key.ts";
import { rotateEncryptionKey } from "./rotate-encryption-key.ts";
import type { KeyStore } from "./store.ts";

export interface KeyChangeDependencies extends KeyManagementDependencies {
  readonly auditTable: string;
  /** The store whose changes are committed only while this actor may make them. */
  readonly storeAs: (actor: Actor) => KeyStore;
}

/** `listKeyVersions` of the caller's manufacturer. */
export async function answerListKeyVersions(
  { caller }: OperationRequest<typeof listKeyVersionsRoute>,
  dependencies: { readonly store: KeyStore; readonly now: Clock },
): Promise<OperationBody<typeof listKeyVersionsRoute>> {
  const versions = await listKeyVersions(dependencies, caller.manufacturerId);
  return { items: versions.map(toWire) };
}

/** `rotateEncryptionKey` of the caller's manufacturer, envelope keys unless said. */
export async function answerRotate(
  { caller, query, origin }: OperationRequest<typeof rotateEncryptionKeyRoute>,
  dependencies: KeyChangeDependencies,
): Promise<OperationBody<typeof rotateEncryptionKeyRoute>> {
  const { purpose = "envelope", version } = query;
  const newest = await rotateEncryptionKey(
    { ...dependencies, store: dependencies.storeAs(caller) },
    {
      manufacturerId: caller.manufacturerId,
      sessionId: caller.sessionId,
      purpose,
      ...(version === undefined ? {} : { version: Number(version) }),
    },
    auditOf(caller, origin, dependencies),
  );
  return toWire(summarizeKeyVersion(newest, dependencies.now()));
}

/** `revokeKeyVersion` of the caller's manufacturer, an envelope key unless said. */
export async function answerRevoke(
  { body, caller, params, query, origin }: OperationRequest<typeof revokeKeyVersionRoute>,
  dependencies: KeyChangeDependencies,
): Promise<OperationBody<typeof revokeKeyVersionRoute>> {
  const { force, graceSeconds } = body;
  const version = await revokeKeyVersion(
    { ...dependencies, store: dependencies.storeAs(caller) },
    {
      manufacturerId: caller.manufacturerId,
      sessionId: caller.sessionId,
      purpose: query.purpose ?? "envelope",
      version: Number(params.version),
      ...(force !== undefined && { force }),
      ...(graceSeconds !== undefined && { graceMs: graceSeconds * 1000 }),
    },
    auditOf(caller, origin, dependencies),
  );
  return toRevocation(version, dependencies.now());
}

/** A version that is being withdrawn, its dates, and what withdrawing it at once costs. */
function toRevocation(
  version: KeyVersion,
  nowMs: number,
): OperationBody<typeof revokeKeyVersionRoute> {
  const { keyId, lateSealsUntilMs, purpose, revokedAtMs = 0 } = version;
  // Versions that were withdrawn before their date was stored took effect after this time.
  const effectiveAt = toRfc3339(version.effectiveAtMs ?? revokedAtMs + epochCheckMs);
  const isAtOnce = version.state === "revoked" && purpose === "envelope";
  return {
    keyId,
    state: stateAt(version, nowMs) === "revoked" ? "revoked" : "revoking",
    revokedAt: toRfc3339(revokedAtMs),
    effectiveAt,
    ...(lateSealsUntilMs !== undefined && { lateSealsUntil: toRfc3339(lateSealsUntilMs) }),
    ...(isAtOnce && {
      cost: `Nothing opens that was sealed with ${keyId}, not even what environments sealed with it until ${effectiveAt}, before they noticed.`,
    }),
  };
}

const auditOf =
  (caller: Caller, origin: Origin, { auditTable, now }: KeyChangeDependencies): KeyAudit =>
  (change, keyId) => [
    auditPut(auditTable, {
      manufacturerId: caller.manufacturerId,
      actorId: caller.memberId,
      subjectId: keyId,
      action: `encryption.key.${change}`,
      outcome: "success",
      origin,
      timeMs: now(),
    }),
  ];

const times = {
  retiredAtMs: "retiredAt",
  fenceUntilMs: "fenceUntil",
  revokedAtMs: "revokedAt",
  effectiveAtMs: "effectiveAt",
  lateSealsUntilMs: "lateSealsUntil",
  destroyAfterMs: "destroyAfter",
  destroyedAtMs: "destroyedAt",
} as const;

/** The same with times in RFC 3339. */
function toWire(summary: KeyVersionSummary): OperationBody<typeof rotateEncryptionKeyRoute> {
  const { keyId, purpose, version, region, state, createdAtMs } = summary;
  const optional = Object.entries(times).flatMap(([name, wireName]) => {
    const timeMs = summary[name as keyof typeof times];
    return timeMs === undefined ? [] : [[wireName, toRfc3339(timeMs)]];
  });
  const createdAt = toRfc3339(createdAtMs);
  return { keyId, purpose, version, region, state, createdAt, ...Object.fromEntries(optional) };
}
