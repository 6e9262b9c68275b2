import { createSecretKey, hash } from "node:crypto";
import type { ManufacturerKey } from "../../../lib/encryption/seal-record.ts";

/** A manufacturer key that is the same in every run, and different for every name. */
export function fixedKey(overrides: Partial<ManufacturerKey> = {}): ManufacturerKey {
  const named = {
    manufacturerId: "mfr_first",
    keyId: "envelope#000001",
    region: "eu-central-1",
    ...overrides,
  };
  const bytes = hash("sha512", JSON.stringify(named), "buffer");
  return { pseudorandomKey: createSecretKey(bytes), ...named };
}
