import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { accountId } from "../aws-account.ts";
import { AwsError } from "../aws-json-server.ts";
import type { KeyRing } from "./key-ring.ts";
import { keyArn, requireNotPendingDeletion } from "./kms-key.ts";
import type { KmsOperations } from "./kms-operation.ts";
import { kmsOperation } from "./kms-operation.ts";

/** What AWS gives a key that is created without one: the account's IAM decides. */
const defaultKeyPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
};

const PolicyReference = { KeyId: z.string(), PolicyName: z.optional(z.literal("default")) };

/**
 * Operations on who may use a key. They keep what they are told and show it again; the local KMS asks
 * nobody who they are, so neither policies nor grants let anybody in or keep anybody out.
 */
export const accessOperations = (keyRing: KeyRing): KmsOperations => ({
  GetKeyPolicy: kmsOperation(z.object(PolicyReference), ({ KeyId }) => ({
    Policy: keyRing.find(KeyId).policy ?? JSON.stringify(defaultKeyPolicy),
    PolicyName: "default",
  })),
  PutKeyPolicy: kmsOperation(
    z.object({ ...PolicyReference, Policy: z.string().check(z.maxLength(32_768)) }),
    ({ KeyId, Policy }) => {
      requireNotPendingDeletion(keyRing.find(KeyId)).policy = requireJson(Policy);
      keyRing.save();
      return {};
    },
  ),
  CreateGrant: kmsOperation(
    z.object({
      KeyId: z.string(),
      GranteePrincipal: z.string().check(z.maxLength(256)),
      Operations: z.array(z.string()).check(z.minLength(1)),
    }),
    ({ GranteePrincipal: grantee, KeyId, Operations: operations }) => {
      const key = requireNotPendingDeletion(keyRing.find(KeyId));
      const id = randomBytes(32).toString("hex");
      key.grants = [...(key.grants ?? []), { id, grantee, operations }];
      keyRing.save();
      return { GrantId: id, GrantToken: randomBytes(64).toString("base64") };
    },
  ),
  ListGrants: kmsOperation(z.object({ KeyId: z.string() }), ({ KeyId }) => {
    const key = keyRing.find(KeyId);
    return {
      Grants: (key.grants ?? []).map(({ grantee, id, operations }) => ({
        KeyId: keyArn(key.id),
        GrantId: id,
        GranteePrincipal: grantee,
        Operations: operations,
        IssuingAccount: `arn:aws:iam::${accountId}:root`,
      })),
      Truncated: false,
    };
  }),
  RevokeGrant: kmsOperation(
    z.object({ KeyId: z.string(), GrantId: z.string() }),
    ({ GrantId, KeyId }) => {
      const key = keyRing.find(KeyId);
      const kept = (key.grants ?? []).filter(({ id }) => id !== GrantId);
      if (kept.length === (key.grants ?? []).length)
        throw new AwsError("NotFoundException", `Grant ID ${GrantId} not found`);
      key.grants = kept;
      keyRing.save();
      return {};
    },
  ),
});

/** @throws MalformedPolicyDocumentException */
function requireJson(policy: string): string {
  try {
    JSON.parse(policy);
    return policy;
  } catch {
    throw new AwsError("MalformedPolicyDocumentException", "The policy is not well-formed JSON.");
  }
}
