import { Problem } from "../problem.ts";
import type { Permission, PermissionRule } from "./policy.ts";

/** 401 with the challenge of RFC 6750 section 3: the token, or the session behind it, is no longer good. */
export const invalidToken = (reason: string): Problem =>
  new Problem("invalid-token", {
    detail: `The access token is refused: ${reason}.`,
    extra: { reason },
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  });

/** 403: no role of the caller's holds the permission. */
export const forbidden = (permission: Permission): Problem =>
  new Problem("forbidden", {
    detail: `The operation needs the permission ${permission}.`,
    extra: { permission },
  });

/** 401 with the challenge of RFC 9470 section 3. */
export function insufficientAuthentication(
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
