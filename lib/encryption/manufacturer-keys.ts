import { Problem } from "../problem.ts";
import type { KeyPurpose } from "./key-id.ts";
import type { OpeningPolicy } from "./opening-trail.ts";

/**
 * `active`, or a step of erasure: `erasure-pending` can be cancelled until its time, `erasing` is the
 * point of no return, `erased` holds neither key nor salt.
 */
export type ManufacturerKeysState = "active" | "erasure-pending" | "erasing" | "erased";

/** What is known of a manufacturer's keys as a whole: item `ACTIVE`. Times are epoch milliseconds. */
export interface ManufacturerKeys {
  readonly manufacturerId: string;
  readonly state: ManufacturerKeysState;
  readonly region: string;
  /** 256 random bits: the salt of HKDF-Extract. Gone once erased. */
  readonly salt?: Uint8Array;
  /** Grows with every change that a cache must notice. */
  readonly epoch: number;
  /** The version that seals, by purpose. */
  readonly newest: Readonly<Record<KeyPurpose, number>>;
  readonly createdAtMs: number;
  /** Counted unless said. Read with the keys, so that following it costs no call of its own. */
  readonly openings?: OpeningPolicy;
  /** Age in days at which a series rotates by itself: 90 unless said; null: never. */
  readonly rotateEveryDays?: number | null;
  readonly erasureRequestedAtMs?: number;
  readonly eraseAfterMs?: number;
  readonly erasedAtMs?: number;
}

/**
 * `enabled` seals and opens, `retiring` opens, `blocked` does neither but can return, `revoking` opens
 * until its date, `revoked` opens nothing, `destroyed` has lost its wrapped key for good.
 */
export type KeyVersionState =
  | "enabled"
  | "retiring"
  | "blocked"
  | "revoking"
  | "revoked"
  | "destroyed";

/** One version of a manufacturer's key: item `KEY#purpose#version`. Times are epoch milliseconds. */
export interface KeyVersion {
  readonly manufacturerId: string;
  readonly keyId: string;
  readonly purpose: KeyPurpose;
  readonly version: number;
  readonly region: string;
  readonly state: KeyVersionState;
  /** The key as KMS wrapped it; nobody but KMS can read it. Gone once destroyed. */
  readonly wrappedKey?: Uint8Array;
  readonly kmsKeyArn: string;
  readonly createdAtMs: number;
  readonly retiredAtMs?: number;
  /** From here on nobody can still be sealing with this version. */
  readonly fenceUntilMs?: number;
  readonly revokedAtMs?: number;
  /** The date of a `revoking` version. No job moves it on: whoever reads the version compares. */
  readonly effectiveAtMs?: number;
  /** What was sealed with a `revoking` version between its replacement and here opens for good. */
  readonly lateSealsUntilMs?: number;
  readonly destroyAfterMs?: number;
  readonly destroyedAtMs?: number;
}

/** The state of a version at `nowMs`: a withdrawal takes effect by time alone. */
export function stateAt({ effectiveAtMs = 0, state }: KeyVersion, nowMs: number): KeyVersionState {
  return state === "revoking" && nowMs >= effectiveAtMs ? "revoked" : state;
}

/** Whose clocks differ by less: Amazon Time Sync keeps those of Lambda within milliseconds. */
const clockSkewMs = 5_000;

/** When a `revoking` version was replaced and until when late environments may have sealed with it. */
export interface Withdrawal {
  readonly effectiveAtMs: number;
  readonly lateSealsFromMs: number;
  readonly lateSealsUntilMs: number;
}

/** The dates of a version's withdrawal, where it is `revoking`. */
export function withdrawalOf(version: KeyVersion): Withdrawal | undefined {
  const { effectiveAtMs = 0, lateSealsUntilMs = 0, retiredAtMs = 0 } = version;
  if (version.state !== "revoking") return undefined;
  return { effectiveAtMs, lateSealsUntilMs, lateSealsFromMs: retiredAtMs - clockSkewMs };
}

/**
 * Refuses to open with a withdrawn version: from its date on, all but what environments sealed with it
 * before they had noticed that it was replaced. The commitment proves `sealedAt` on opening.
 * @throws Problem `key-revoked`
 */
export function requireNotWithdrawn(
  withdrawal: Withdrawal | undefined,
  sealedAt: string | undefined,
  nowMs: number,
): void {
  if (withdrawal === undefined || nowMs < withdrawal.effectiveAtMs) return;
  const sealedAtMs = Date.parse(sealedAt ?? "");
  const { lateSealsFromMs, lateSealsUntilMs } = withdrawal;
  if (sealedAtMs >= lateSealsFromMs && sealedAtMs <= lateSealsUntilMs) return;
  throw new Problem("key-revoked");
}

/**
 * Refuses whatever needs working keys while the manufacturer is being erased, or is gone.
 * @throws Problem `erasure-pending`, `key-destroyed`
 */
export function requireActive(keys: ManufacturerKeys): void {
  if (keys.state === "erasure-pending") throw new Problem("erasure-pending");
  if (keys.state !== "active") throw new Problem("key-destroyed");
}
