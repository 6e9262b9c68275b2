import { CompactSign, compactVerify, errors } from "jose";
import type { Role } from "../access/policy.ts";
import type { ReadSecret, Secret } from "./platform-secrets.ts";
import { versionOf } from "./platform-secrets.ts";
import type { SessionClaims } from "./session.ts";

const algorithm = "HS256";
/** Another type than an access token's: neither can stand in for the other (RFC 8725 section 3.11). */
const tokenType = "rt+jwt";

/** What a refresh token says: its session, its place in the session's chain, the roles it came with. */
export interface RefreshClaims extends SessionClaims {
  roles: readonly Role[];
}

/**
 * A refresh token: its claims and their MAC under the platform's refresh key. The table holds the
 * counter alone. The same claims make the same token, so that clients that race with one get the same
 * successor, and a refresh needs no read to know its session.
 */
export function issueRefreshToken(
  claims: RefreshClaims,
  { version, key }: Secret,
): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: String(version) })
    .sign(key);
}

/** What a genuine token says, or undefined; also where its key is retired or was withdrawn. */
export async function readRefreshToken(
  token: string,
  secret: ReadSecret,
): Promise<RefreshClaims | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(
      token,
      async ({ kid }) => {
        const version = versionOf(kid);
        const refreshKey = version && (await secret("refresh", version));
        if (!refreshKey) throw new errors.JWKSNoMatchingKey();
        return refreshKey.key;
      },
      { algorithms: [algorithm] },
    );
    if (protectedHeader.typ !== tokenType) return undefined;
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
