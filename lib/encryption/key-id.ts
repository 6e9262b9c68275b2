import { Problem } from "../problem.ts";

/**
 * What a manufacturer key is for. `envelope` keys seal what is handed to callers and can therefore
 * never be counted; `record` keys seal attributes of our own items, which the re-encrypt job counts.
 */
export type KeyPurpose = "envelope" | "record";

export const keyPurposes: readonly KeyPurpose[] = ["envelope", "record"];

/** Shape of a key id, e.g. `envelope#000003`; the sort key of its item is `KEY#` before it. */
export const keyIdPattern = /^(envelope|record)#(\d{6})$/;

const lastVersion = 999_999;

/**
 * Names version `version` (from 1) of a manufacturer's key for `purpose`.
 * @throws Problem `limit-exceeded` past the last version the fixed width can name
 */
export function formatKeyId(purpose: KeyPurpose, version: number): string {
  if (version > lastVersion) {
    throw new Problem("limit-exceeded", { detail: `no key version after ${lastVersion}` });
  }
  return `${purpose}#${String(version).padStart(6, "0")}`;
}

/**
 * Reads a key id back.
 * @throws Problem `envelope-malformed` for any other text
 */
export function parseKeyId(keyId: string): { purpose: KeyPurpose; version: number } {
  const match = keyIdPattern.exec(keyId);
  const purpose = keyPurposes.find((known) => known === match?.[1]);
  if (match === null || purpose === undefined) {
    throw new Problem("envelope-malformed", { detail: "the key id is not one of ours" });
  }
  return { purpose, version: Number(match[2]) };
}
