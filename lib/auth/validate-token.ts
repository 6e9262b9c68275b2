import type { AuthenticationDependencies } from "../access/authenticate.ts";
import { identifyCaller } from "../access/authenticate.ts";
import { lacksDemandedFactor } from "../access/authorize.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { validateTokenRoute } from "./api.ts";

/**
 * Tells whoever holds a token whether it is good, as RFC 7662 would; "no" is a verdict with status 200.
 * A token of a session that lacks the second factor demanded of its member is good for nothing but
 * proving or binding one here.
 */
export async function validateToken(
  { body }: OperationRequest<typeof validateTokenRoute>,
  dependencies: AuthenticationDependencies,
): Promise<OperationBody<typeof validateTokenRoute>> {
  const verdict = await identifyCaller(body.token, false, dependencies);
  if ("reason" in verdict) return { valid: false, reason: verdict.reason };
  const { caller, token } = verdict;
  if (lacksDemandedFactor(caller)) return { valid: false, reason: "insufficient-authentication" };
  return {
    valid: true,
    claims: {
      memberId: caller.memberId,
      manufacturerId: caller.manufacturerId,
      sessionId: caller.sessionId,
      roles: [...caller.roles],
      acr: caller.acr,
      amr: [...caller.amr],
      authTime: toRfc3339(caller.authTimeMs),
      expiresAt: toRfc3339(token.expiresAtMs),
    },
  };
}
