import type { KMSClient } from "@aws-sdk/client-kms";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { WrappedKeys } from "../aws/wrapped-keys.ts";
import { wrappedKeys } from "../aws/wrapped-keys.ts";
import type { Clock } from "../clock.ts";
import { signingKeys } from "./key-ring.ts";
import type { PlatformKeyStore } from "./platform-key-store.ts";
import { platformKeyStore } from "./platform-key-store.ts";
import type { ReadSecret } from "./platform-secrets.ts";
import { platformSecrets } from "./platform-secrets.ts";
import type { TokenDependencies } from "./session.ts";

interface PlatformEnvironment {
  KEYS_TABLE: string;
  PLATFORM_KEY_ARN: string;
}

/** Everything that reading platform secrets takes, from a function's environment. */
export function secretDependencies(
  documents: DynamoDBDocumentClient,
  kms: KMSClient,
  env: PlatformEnvironment,
  now: Clock,
): { store: PlatformKeyStore; keys: WrappedKeys; secret: ReadSecret; now: Clock } {
  const store = platformKeyStore(documents, env.KEYS_TABLE);
  const keys = wrappedKeys(kms, env.PLATFORM_KEY_ARN);
  return { store, keys, secret: platformSecrets(store, keys, now), now };
}

/** Everything that issuing tokens takes, from a function's environment. */
export function tokenDependencies(
  documents: DynamoDBDocumentClient,
  kms: KMSClient,
  env: PlatformEnvironment & { ISSUER: string },
  now: Clock,
): TokenDependencies {
  const { store, keys, secret } = secretDependencies(documents, kms, env, now);
  return { issuer: env.ISSUER, signingKey: signingKeys(store, keys, now), secret, now };
}
