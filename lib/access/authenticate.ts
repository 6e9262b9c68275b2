import type { TokenRefusal, VerifiedAccessToken } from "../auth/access-token.ts";
import { clockToleranceSeconds, verifyAccessToken } from "../auth/access-token.ts";
import type { VerificationKeys } from "../auth/key-ring.ts";
import type { Clock } from "../clock.ts";
import type { Caller } from "../http/request.ts";
import type { Access } from "../http/route.ts";
import { permissionOf } from "../http/route.ts";
import { hasTotpFactor } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { AccessItem, ReadAccessItem } from "./access-item.ts";
import { isSessionAlive } from "./actor-condition.ts";
import { checkPermission, demandOf, lacksDemandedFactor } from "./authorize.ts";
import type { Permission } from "./policy.ts";
import { ruleOf } from "./policy.ts";
import { forbidden, insufficientAuthentication, invalidToken } from "./refusals.ts";

export interface AuthenticationDependencies {
  issuer: string;
  keys: VerificationKeys;
  accessItem: ReadAccessItem;
  now: Clock;
}

/** The caller of a token, before it is known what they call. */
type IdentifiedCaller = Omit<Caller, "access">;

/** Whose token was verified, whether or not they may do what they ask for. */
export type IdentifiedMember = Pick<Caller, "manufacturerId" | "memberId">;

export type Authenticate = (
  authorization: string | undefined,
  access: Exclude<Access, "public">,
  /** Called before the verdict, so that a refusal can be put on record. */
  identified?: (member: IdentifiedMember) => void,
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
  async (authorization, access, identified) => {
    const token = bearerToken(authorization);
    const permission = permissionOf(access);
    const fresh = permission !== undefined && ruleOf(permission).fresh === true;
    const verdict = await identifyCaller(token, fresh, dependencies);
    if (verdict.token) identified?.(verdict.token);
    if ("reason" in verdict) throw invalidToken(verdict.reason);
    const caller = { ...verdict.caller, access };
    if (permission) assertPermission(caller, permission, dependencies.now);
    else if (access === "member" && lacksDemandedFactor(caller)) {
      throw insufficientAuthentication({ minAcr: "aal2" });
    }
    return caller;
  };

/**
 * The caller of a token, or why there is none. A cached access item never refuses a token that is
 * newer than itself: where the two disagree, the item is read once more, consistently. A token that is
 * older costs no read, so that nobody makes one per request with a session that has ended.
 */
export async function identifyCaller(
  token: string,
  fresh: boolean,
  { issuer, keys, accessItem, now }: AuthenticationDependencies,
): Promise<
  | { caller: IdentifiedCaller; token: VerifiedAccessToken }
  | { reason: TokenRefusal; token?: undefined }
  | { reason: "session-ended"; token: VerifiedAccessToken }
> {
  const verdict = await verifyAccessToken(token, { issuer, keys, now });
  if (!verdict.valid) return { reason: verdict.reason };
  const calledAtMs = now();
  const read = (anew: boolean) =>
    accessItem(verdict.token.manufacturerId, verdict.token.memberId, anew);
  const item = await read(fresh);
  let caller = callerOf(verdict.token, item);
  const isCached = item !== undefined && item.readAtMs < calledAtMs;
  if (isCached && isNewer(verdict.token, item) && !agree(verdict.token, caller)) {
    caller = callerOf(verdict.token, await read(true));
  }
  return { token: verdict.token, ...(caller ? { caller } : { reason: "session-ended" as const }) };
}

/**
 * Who the token and the member's item say is calling; undefined where the item ends the session.
 * Assurance is the highest available: whoever has a second factor, or must have one, is asked for it.
 */
function callerOf(
  token: VerifiedAccessToken,
  item: AccessItem | undefined,
): IdentifiedCaller | undefined {
  if (!item || !isSessionAlive(item, token)) return undefined;
  const { tokenId: _, issuedAtMs: __, expiresAtMs: ___, ...claims } = token;
  const secondFactorDemanded =
    hasTotpFactor(item.secondFactors) ||
    item.secondFactors?.mustRebind === true ||
    item.roles.some((role) => role === "operator" || item.secondFactorRequiredFor.includes(role));
  return { ...claims, roles: item.roles, secondFactorDemanded };
}

/** Times in a token are whole seconds, and the issuer's clock may be behind by the tolerance. */
const isNewer = (token: VerifiedAccessToken, item: AccessItem): boolean =>
  token.passwordVersion > (item.passwordVersion ?? 0) ||
  token.issuedAtMs + 1000 + clockToleranceSeconds * 1000 > item.readAtMs;

/** Whether the item takes nothing away that the member had when the token was issued. */
const agree = (token: VerifiedAccessToken, caller: IdentifiedCaller | undefined): boolean =>
  caller !== undefined &&
  !lacksDemandedFactor(caller) &&
  token.roles.length === caller.roles.length &&
  token.roles.every((role) => caller.roles.includes(role));

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
  if (verdict.reason === "role") throw forbidden(permission);
  throw insufficientAuthentication(demandOf(permission, caller), permission);
}
