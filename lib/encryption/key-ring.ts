import { createSecretKey } from "node:crypto";
import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";
import type { ProblemCode } from "../problem.ts";
import { Problem } from "../problem.ts";
import { DataKeyCache } from "./data-key-cache.ts";
import { extractKey } from "./derive-key.ts";
import type { KeyHierarchy } from "./key-hierarchy.ts";
import type { KeyPurpose } from "./key-id.ts";
import { formatKeyId, parseKeyId } from "./key-id.ts";
import type { KeyVersion, KeyVersionState, ManufacturerKeys } from "./manufacturer-keys.ts";
import { requireActive, requireNotWithdrawn, withdrawalOf } from "./manufacturer-keys.ts";
import type { OpeningPolicy } from "./opening-trail.ts";
import type { ManufacturerKey } from "./seal-record.ts";
import { settingsOf } from "./settings.ts";

/** Longest time until a revocation, a rotation or an erasure is seen by every environment. */
export const epochCheckMs = 30_000;

/** Why a version does not seal any more although it was the newest. */
const withdrawnCodes: ReadonlySet<ProblemCode> = new Set(["key-revoked", "key-version-retired"]);

export interface KeyRingOptions {
  readonly hierarchy: KeyHierarchy;
  readonly readManufacturerKeys: (manufacturerId: string) => Promise<ManufacturerKeys | undefined>;
  readonly readVersion: (manufacturerId: string, keyId: string) => Promise<KeyVersion | undefined>;
  /** Whether an erasure is over. Asked beside each load of a key, since a restore revives keys. */
  readonly isErased: (manufacturerId: string) => Promise<boolean>;
  /** Makes a manufacturer's first keys on first use; where it is absent, a missing key is a refusal. */
  readonly createManufacturerKeys?: (manufacturerId: string) => Promise<ManufacturerKeys>;
  readonly now: Clock;
  readonly cache?: DataKeyCache;
  /** Only the re-encrypt worker opens blocked and revoked versions, to move records off them. */
  readonly openableStates?: readonly KeyVersionState[];
}

/**
 * Hands out unwrapped manufacturer keys. In the steady state it calls neither KMS nor the table,
 * one consistent read per manufacturer every 30 seconds aside; when that read fails, nothing is
 * sealed or opened.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #keys: DataKeyCache;
  readonly #manufacturers: ExpiringCache<ManufacturerKeys>;
  readonly #openableStates: readonly KeyVersionState[];

  constructor(options: KeyRingOptions) {
    const { now } = options;
    this.#options = options;
    this.#openableStates = options.openableStates ?? ["enabled", "retiring", "revoking"];
    this.#keys = options.cache ?? new DataKeyCache({ now });
    this.#manufacturers = new ExpiringCache({ lifetimeMs: epochCheckMs, entriesMax: 1_000, now });
  }

  /**
   * The newest key of a purpose, to seal `bytes` with. Where the one that is known here was withdrawn
   * meanwhile, the newest is looked up once more instead of refusing.
   * @throws Problem `erasure-pending`, `key-destroyed`, `residency-violation`, `kms-denied`,
   * `kms-throttled`, `kms-unavailable`
   */
  async sealingKey(
    manufacturerId: string,
    purpose: KeyPurpose,
    bytes: number,
  ): Promise<ManufacturerKey> {
    const newest = async (fresh: boolean): Promise<ManufacturerKey> => {
      const manufacturer = await this.#manufacturer(manufacturerId, fresh);
      const keyId = formatKeyId(purpose, manufacturer.newest[purpose]);
      return this.#key(manufacturer, keyId, bytes, ["enabled", "retiring"]);
    };
    return newest(false).catch((error: unknown) => {
      if (error instanceof Problem && withdrawnCodes.has(error.code)) return newest(true);
      throw error;
    });
  }

  /**
   * The named key, to open `bytes` with that were sealed at `sealedAt` (RFC 3339).
   * @throws Problem as `sealingKey`, and `envelope-malformed` (a key of another purpose),
   * `key-version-unknown`, `key-version-retired`, `key-revoked`, `ciphertext-tampered`
   */
  async openingKey(
    request: { manufacturerId: string; keyId: string; purpose: KeyPurpose; sealedAt?: string },
    bytes: number,
  ): Promise<ManufacturerKey> {
    if (parseKeyId(request.keyId).purpose !== request.purpose) {
      throw new Problem("envelope-malformed", { detail: "the key id is of another purpose" });
    }
    const manufacturer = await this.#manufacturer(request.manufacturerId);
    const key = await this.#key(manufacturer, request.keyId, bytes, this.#openableStates);
    requireNotWithdrawn(key.withdrawal, request.sealedAt, this.#options.now());
    return key;
  }

  /** How the manufacturer wants openings on record, at most 30 seconds old as all else here. */
  async openingPolicy(manufacturerId: string): Promise<OpeningPolicy> {
    return settingsOf(await this.#manufacturer(manufacturerId)).openings;
  }

  async #manufacturer(manufacturerId: string, fresh = false): Promise<ManufacturerKeys> {
    const load = async (): Promise<ManufacturerKeys> => {
      const { createManufacturerKeys, readManufacturerKeys } = this.#options;
      const found =
        (await readManufacturerKeys(manufacturerId)) ??
        (await createManufacturerKeys?.(manufacturerId));
      if (found === undefined) throw new Problem("key-version-unknown");
      // Keys are named by epoch: an older one is never found again, not even when its load ends
      // after the epoch changed. Dropping them only takes them out of memory.
      this.#keys.dropExcept(`${manufacturerId}/`, `${manufacturerId}/${found.epoch}/`);
      return found;
    };
    const manufacturer = await this.#manufacturers.get(manufacturerId, load, fresh);
    requireActive(manufacturer);
    if (manufacturer.region !== this.#options.hierarchy.region) {
      throw new Problem("residency-violation", {
        detail: `the data lives in ${manufacturer.region}`,
      });
    }
    return manufacturer;
  }

  #key(
    manufacturer: ManufacturerKeys,
    keyId: string,
    bytes: number,
    states: readonly KeyVersionState[],
  ): Promise<ManufacturerKey> {
    const name = `${manufacturer.manufacturerId}/${manufacturer.epoch}/${keyId}`;
    return this.#keys.get(name, bytes, () => this.#load(manufacturer, keyId, states));
  }

  async #load(
    manufacturer: ManufacturerKeys,
    keyId: string,
    states: readonly KeyVersionState[],
  ): Promise<ManufacturerKey> {
    const { manufacturerId, region, salt } = manufacturer;
    const [version, isErased] = await Promise.all([
      this.#options.readVersion(manufacturerId, keyId),
      this.#options.isErased(manufacturerId),
    ]);
    if (isErased) throw new Problem("key-destroyed");
    if (version === undefined) throw new Problem("key-version-unknown");
    const { purpose, wrappedKey, kmsKeyArn } = version;
    if (version.state === "destroyed" || wrappedKey === undefined || salt === undefined) {
      throw new Problem("key-destroyed");
    }
    if (!states.includes(version.state)) {
      const isRevoked = version.state === "revoking" || version.state === "revoked";
      throw new Problem(isRevoked ? "key-revoked" : "key-version-retired");
    }
    const identity = { manufacturerId, keyId, purpose, region };
    const inputKey = await this.#options.hierarchy.unwrap(identity, { wrappedKey, kmsKeyArn });
    const extracted = extractKey(salt, inputKey);
    inputKey.fill(0);
    const pseudorandomKey = createSecretKey(extracted);
    extracted.fill(0);
    const withdrawal = withdrawalOf(version);
    return { manufacturerId, keyId, region, pseudorandomKey, ...(withdrawal && { withdrawal }) };
  }
}
