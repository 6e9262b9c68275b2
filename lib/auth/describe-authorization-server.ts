import { assuranceLevels } from "../access/policy.ts";
import type { OperationBody } from "../http/request.ts";
import { Reply } from "../http/request.ts";
import type { describeAuthorizationServerRoute } from "./discovery-api.ts";

/**
 * What verifies our access tokens (RFC 8414). Lists that are empty are told all the same: where they
 * are left out, section 2 says that clients take their defaults, which are not there.
 */
export async function describeAuthorizationServer(
  _request: unknown,
  { issuer }: { issuer: string },
): Promise<Reply<OperationBody<typeof describeAuthorizationServerRoute>>> {
  const metadata = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: [],
    grant_types_supported: [],
    token_endpoint_auth_methods_supported: [],
    acr_values_supported: [...assuranceLevels],
  };
  return new Reply(metadata, { "cache-control": "public, max-age=3600" });
}
