import type { Role } from "../access/policy.ts";
import type { Origin } from "../audit/origin.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { refreshRoute } from "./api.ts";
import type { RefreshClaims } from "./refresh-token.ts";
import { readRefreshToken } from "./refresh-token.ts";
import type { TokenDependencies, Tokens } from "./session.ts";
import { issueTokens } from "./session.ts";
import type { SessionStore, StoredSession } from "./session-store.ts";

/** Tabs and retries that use the same token within this time get the same successor. */
const raceWindowMs = 10_000;
/** Roles that change faster than a refresh can follow are somebody's mistake. */
const attemptsMax = 3;

export interface RefreshDependencies extends TokenDependencies {
  sessions: SessionStore;
}

/**
 * Exchanges a refresh token for its successor in one transaction (RFC 9700 section 4.14). The member's
 * access item is one of its conditions: whatever ended the session ends its refresh at once, in every
 * environment, and nothing moves before that verdict. Assurance, methods and the time of
 * authentication stay what they were; the roles are the member's roles now. An older token than the
 * last two is a copy in other hands: the session ends.
 *
 * @throws Problem `invalid-refresh-token`, `contention`
 */
export async function refresh(
  { body, origin }: OperationRequest<typeof refreshRoute>,
  dependencies: RefreshDependencies,
): Promise<Tokens> {
  const claims = await readRefreshToken(body.refreshToken, dependencies.secret);
  if (!claims) throw invalid();
  const roles = await rotate(claims, origin, dependencies);
  return issueTokens({ ...claims, counter: claims.counter + 1 }, roles, dependencies);
}

/** Moves the chain on and tells the member's roles, of which those in the token are a first guess. */
async function rotate(
  claims: RefreshClaims,
  origin: Origin,
  dependencies: RefreshDependencies,
): Promise<readonly Role[]> {
  let { roles } = claims;
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const outcome = await dependencies.sessions.rotate(claims, roles, origin);
    if ("rotated" in outcome) return roles;
    if ("session" in outcome) {
      await assertRace(outcome.session, claims.counter, origin, dependencies);
      return roles;
    }
    if (!outcome.roles || isSame(outcome.roles, roles)) throw invalid();
    roles = outcome.roles;
  }
  throw new Problem("contention", { headers: { "retry-after": "1" } });
}

/** Holds where a client lost a race by seconds; anything else is refused, and reuse ends the session. */
async function assertRace(
  session: StoredSession | undefined,
  counter: number,
  origin: Origin,
  { sessions, now }: RefreshDependencies,
): Promise<void> {
  const nowMs = now();
  if (!session || session.endedAtMs !== undefined) throw invalid();
  if (Math.min(session.absoluteExpiresAtMs, session.idleExpiresAtMs) <= nowMs) throw invalid();
  if (session.counter === counter + 1 && nowMs - session.refreshedAtMs <= raceWindowMs) return;
  const { manufacturerId, memberId, sessionId } = session;
  await sessions.endSession(session, sessionId, [], {
    manufacturerId,
    actorId: memberId,
    subjectId: sessionId,
    action: "auth.refresh-token.reused",
    outcome: "failure",
    origin,
    timeMs: nowMs,
  });
  throw invalid();
}

const isSame = (one: readonly Role[], other: readonly Role[]): boolean =>
  one.length === other.length && one.every((role, index) => role === other[index]);

const invalid = (): Problem => new Problem("invalid-refresh-token", { detail: "Sign in again." });
