import { createPrivateKey } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { SigningKey } from "../../lib/auth/key-ring.ts";
import { signingContext } from "../../lib/auth/key-ring.ts";
import { platformKeyStore } from "../../lib/auth/platform-key-store.ts";
import { wrappedKeys } from "../../lib/aws/wrapped-keys.ts";
import { credentials, region } from "../../local/aws-account.ts";
import type { Stack } from "../../local/stack.ts";

const platformKeyAlias = "alias/manufacturer-security-local-platform";

type StackInUse = Pick<Stack, "endpoints" | "tableNames">;

/** A client of a stack's DynamoDB, for what no operation shows. */
export const documentsOf = ({ endpoints }: StackInUse): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials }),
  );

/** The key that a stack signs with: what an attacker would have to steal. */
export async function readSigningKey(stack: StackInUse): Promise<SigningKey> {
  const store = platformKeyStore(documentsOf(stack), stack.tableNames.keys);
  const newest = (await store.listSigningKeys()).at(-1);
  if (!newest) throw new Error("the stack has no signing key");
  const kms = new KMSClient({ endpoint: stack.endpoints.kms, region, credentials });
  const der = await wrappedKeys(kms, platformKeyAlias).unwrap(
    newest.wrappedPrivateKey,
    signingContext(newest.keyId),
  );
  return {
    keyId: newest.keyId,
    privateKey: createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" }),
  };
}
