import { KMSClient } from "@aws-sdk/client-kms";

/** The one KMS client of an environment; imported only by functions that unwrap keys. */
export const kms = new KMSClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2000, throwOnRequestTimeout: true },
});
