import type { TokenRefusal, VerifiedAccessToken } from "../auth/access-token.ts";
import { verifyAccessToken } from "../auth/access-token.ts";
import type { VerificationKeys } from "../auth/key-ring.ts";
import type { Clock } from "../clock.ts";
import type { Caller } from "../http/request.ts";
import type { Access } from "../http/route.ts";
import { permissionOf } from "../http/route.ts";
import { Problem } from "../problem.ts";
import type { AccessItem, ReadAccessItem } from "./access-item.ts";
import { checkPermission, demandOf, lacksDemandedFactor } from "./authorize.ts";
import type { Permission, PermissionRule } from "./policy.ts";
import { ruleOf } from "./policy.ts";

export interface AuthenticationDependencies {
  issuer: string;
  keys: VerificationKeys;
  accessItem: ReadAccessItem;
  now: Clock;
}

export type Authenticate = (
  authorization: string | undefined,
  access: Exclude<Access, "public">,
) => Promise<Caller>;

/**
 * Proves who calls and that they may: verifies the bearer token (RFC 6750), holds it against the
 * member's access item, then checks the permission, or where the operation asks for none that the
 * session is as strong as is demanded of the member. Fails closed.
 *
 * @throws Problem `missing-token`, `invalid-token`, `forbidden`, `insufficient-authentication`
 */
export const authenticator =
  (dependencies: AuthenticationDependencies): Authenticate =>
  async (authorization, access) => {
    const token = bearerToken(authorization);
    const permission = permissionOf(access);
    const fresh = permission !== undefined && ruleOf(permission).fresh === true;
    const verdict = await identifyCaller(token, fresh, dependencies);
    if ("reason" in verdict) {
      throw new Problem("invalid-token", {
        detail: `The access token is refused: ${verdict.reason}.`,
        extra: { reason: verdict.reason },
        headers: { "www-authenticate": 'Bearer error="invalid_token"' },
      });
    }
    const { caller } = verdict;
    if (permission) assertPermission(caller, permission, dependencies.now);
    else if (access === "member" && lacksDemandedFactor(caller)) {
      throw insufficientAuthentication({ minAcr: "aal2" });
    }
    return caller;
  };

/** The caller of a token, or why there is none. */
export async function identifyCaller(
  token: string,
  fresh: boolean,
  { issuer, keys, accessItem, now }: AuthenticationDependencies,
): Promise<
  { caller: Caller; token: VerifiedAccessToken } | { reason: TokenRefusal | "session-ended" }
> {
  const verdict = await verifyAccessToken(token, { issuer, keys, now });
  if (!verdict.valid) return { reason: verdict.reason };
  const { tokenId: _, issuedAtMs: __, expiresAtMs: ___, ...claims } = verdict.token;
  const item = await accessItem(claims.manufacturerId, claims.memberId, fresh);
  if (!item || !isSessionAlive(item, verdict.token)) return { reason: "session-ended" };
  const secondFactorDemanded =
    item.secondFactors?.mustRebind === true ||
    item.roles.some((role) => role === "operator" || item.secondFactorRequiredFor.includes(role));
  return { caller: { ...claims, roles: item.roles, secondFactorDemanded }, token: verdict.token };
}

const isSessionAlive = (item: AccessItem, token: VerifiedAccessToken): boolean =>
  item.status === "active" &&
  token.sessionStartedAtMs >= item.sessionsValidFromMs &&
  token.passwordVersion === (item.passwordVersion ?? 0) &&
  !Object.hasOwn(item.endedSessions, token.sessionId);

function bearerToken(authorization: string | undefined): string {
  const [scheme, token, ...rest] = (authorization ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token || rest.length > 0) {
    throw new Problem("missing-token", {
      detail: "Send the access token as `Authorization: Bearer <token>`.",
      headers: { "www-authenticate": "Bearer" },
    });
  }
  return token;
}

/** @throws Problem `forbidden`, or `insufficient-authentication` with the challenge of RFC 9470 section 3. */
export function assertPermission(caller: Caller, permission: Permission, now: Clock): void {
  const verdict = checkPermission(caller, permission, now);
  if (verdict.allowed) return;
  if (verdict.reason === "role") {
    throw new Problem("forbidden", {
      detail: `The operation needs the permission ${permission}.`,
      extra: { permission },
    });
  }
  throw insufficientAuthentication(demandOf(permission, caller), permission);
}

/** The challenge of RFC 9470 section 3. */
function insufficientAuthentication(
  { minAcr, maxAuthAgeSeconds }: Pick<PermissionRule, "minAcr" | "maxAuthAgeSeconds">,
  permission?: Permission,
): Problem {
  const challenge = [
    'error="insufficient_user_authentication"',
    ...(minAcr ? [`acr_values="${minAcr}"`] : []),
    ...(maxAuthAgeSeconds === undefined ? [] : [`max_age="${maxAuthAgeSeconds}"`]),
  ].join(", ");
  return new Problem("insufficient-authentication", {
    detail: "Authenticate again, as the challenge says, and repeat the request.",
    extra: {
      ...(permission && { permission }),
      ...(minAcr && { acrValues: [minAcr] }),
      ...(maxAuthAgeSeconds !== undefined && { maxAgeSeconds: maxAuthAgeSeconds }),
    },
    headers: { "www-authenticate": `Bearer ${challenge}` },
  });
}
