import { createHash, randomBytes } from "node:crypto";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";

export const backupCodeCount = 10;
/** Crockford's base 32: no letter in it is taken for another or for a digit. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const characters = 24;

/** Ten codes of 120 random bits, in groups of four for people to copy. */
export const newBackupCodes = (): string[] => Array.from({ length: backupCodeCount }, newCode);

const newCode = (): string =>
  [...randomBytes(characters)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join("")
    .replaceAll(/.{4}(?!$)/g, "$&-");

/**
 * A code as it was made, from how a person may have typed it: any case, with spaces or dashes, O for
 * 0, I and L for 1. Undefined where that makes no code.
 */
export function normalizeBackupCode(typed: string): string | undefined {
  const code = typed
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  const isCode = code.length === characters && [...code].every((one) => alphabet.includes(one));
  return isCode ? code : undefined;
}

/**
 * The digest that stands in the code's key. At 112 bits and more a plain hash may be stored
 * (SP 800-63B-4 section 3.1.2.2); the member's id keeps equal codes apart.
 */
export const hashBackupCode = (memberId: string, code: string): string =>
  createHash("sha256").update(`${memberId}|${code}`).digest("base64url");

export const putBackupCode = (
  table: string,
  memberId: string,
  generation: number,
  code: string,
): Statement => ({
  Put: {
    TableName: table,
    Item: identityKeys.backupCode(
      memberId,
      generation,
      hashBackupCode(memberId, code.replaceAll("-", "")),
    ),
  },
});

/** Uses a code, once. */
export const useBackupCode = (
  table: string,
  { memberId, generation, codeHash }: { memberId: string; generation: number; codeHash: string },
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.backupCode(memberId, generation, codeHash),
    UpdateExpression: "SET usedAtMs = :now",
    ConditionExpression: `attribute_exists(${partitionKey}) AND attribute_not_exists(usedAtMs)`,
    ExpressionAttributeValues: { ":now": nowMs },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});
