import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from "aws-lambda";
import type { Authenticate } from "../access/authenticate.ts";
import { Problem } from "../problem.ts";

/** What a route behind the authorizer finds in `requestContext.authorizer.lambda`. */
export interface AuthorizerContext {
  memberId: string;
  manufacturerId: string;
  sessionId: string;
  /** Space-separated, for context values are scalars. */
  roles: string;
  acr: string;
  amr: string;
  /** Epoch ms. */
  authTimeMs: number;
}

/**
 * A Lambda authorizer with a simple response for HTTP APIs, payload 2.0. A session that lacks the
 * second factor demanded of its member opens nothing, as in our own routes. An outage is thrown, which
 * the gateway answers with 500: it is no reason to let anybody in, nor to call a good token bad.
 */
export async function authorizeRequest(
  event: Pick<APIGatewayRequestAuthorizerEventV2, "headers">,
  { authenticate }: { authenticate: Authenticate },
): Promise<APIGatewaySimpleAuthorizerWithContextResult<AuthorizerContext | Record<string, never>>> {
  try {
    const caller = await authenticate(event.headers?.["authorization"], "member");
    return {
      isAuthorized: true,
      context: {
        memberId: caller.memberId,
        manufacturerId: caller.manufacturerId,
        sessionId: caller.sessionId,
        roles: caller.roles.join(" "),
        acr: caller.acr,
        amr: caller.amr.join(" "),
        authTimeMs: caller.authTimeMs,
      },
    };
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return { isAuthorized: false, context: {} };
    throw error;
  }
}
