import { KMSClient } from "@aws-sdk/client-kms";

/**
 * The one KMS client of an environment; imported only by functions that unwrap keys. Three attempts of
 * 1.2 s at most: whoever waits for a KMS that does not answer is refused within some 4 s.
 */
export const kms = new KMSClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1200, throwOnRequestTimeout: true },
});
