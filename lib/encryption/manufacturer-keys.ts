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
  readonly erasureRequestedAtMs?: number;
  readonly eraseAfterMs?: number;
  readonly erasedAtMs?: number;
}

/**
 * `enabled` seals and opens, `retiring` opens, `blocked` does neither but can return, `revoked` is
 * compromised, `destroyed` has lost its wrapped key for good.
 */
export type KeyVersionState = "enabled" | "retiring" | "blocked" | "revoked" | "destroyed";

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
  readonly destroyAfterMs?: number;
  readonly destroyedAtMs?: number;
}

/**
 * Refuses whatever needs working keys while the manufacturer is being erased, or is gone.
 * @throws Problem `erasure-pending`, `key-destroyed`
 */
export function requireActive(keys: ManufacturerKeys): void {
  if (keys.state === "erasure-pending") throw new Problem("erasure-pending");
  if (keys.state !== "active") throw new Problem("key-destroyed");
}
