import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { verificationKeys } from "../auth/key-ring.ts";
import { platformKeyStore } from "../auth/platform-key-store.ts";
import type { Clock } from "../clock.ts";
import { accessItems } from "./access-item.ts";
import type { AuthenticationDependencies } from "./authenticate.ts";

/** Everything that proving a caller takes, from a protected function's environment. */
export const authenticationDependencies = (
  documents: DynamoDBDocumentClient,
  env: { ISSUER: string; KEYS_TABLE: string; IDENTITY_TABLE: string },
  now: Clock,
): AuthenticationDependencies => ({
  issuer: env.ISSUER,
  keys: verificationKeys(platformKeyStore(documents, env.KEYS_TABLE), now),
  accessItem: accessItems(documents, env.IDENTITY_TABLE, now),
  now,
});
