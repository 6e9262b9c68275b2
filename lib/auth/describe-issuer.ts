import { assuranceLevels } from "../access/policy.ts";
import type { OperationBody } from "../http/request.ts";
import { Reply } from "../http/request.ts";
import type { describeIssuerRoute } from "./discovery-api.ts";

export async function describeIssuer(
  _request: unknown,
  { issuer }: { issuer: string },
): Promise<Reply<OperationBody<typeof describeIssuerRoute>>> {
  const metadata = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/v1/auth/sign-in`,
    response_types_supported: ["token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    acr_values_supported: [...assuranceLevels],
    claims_supported: [
      "iss",
      "aud",
      "sub",
      "mid",
      "roles",
      "acr",
      "amr",
      "auth_time",
      "sid",
      "jti",
    ],
  };
  return new Reply(metadata, { "cache-control": "public, max-age=3600" });
}
