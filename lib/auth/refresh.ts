import type { AccessItem, ReadAccessItem } from "../access/access-item.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { refreshRoute } from "./api.ts";
import { readRefreshToken } from "./refresh-token.ts";
import type { TokenDependencies, Tokens } from "./session.ts";
import { issueTokens } from "./session.ts";
import type { SessionStore, StoredSession } from "./session-store.ts";

/** Tabs and retries that use the same token within this time get the same successor. */
const raceWindowMs = 10_000;

export interface RefreshDependencies extends TokenDependencies {
  sessions: SessionStore;
  accessItem: ReadAccessItem;
}

/**
 * Exchanges a refresh token for its successor in one conditional update (RFC 9700 section 4.14).
 * Assurance, methods and the time of authentication stay what they were. An older token than the
 * last two is a copy in other hands: the session ends.
 *
 * @throws Problem `invalid-refresh-token`
 */
export async function refresh(
  { body, requestId }: OperationRequest<typeof refreshRoute>,
  dependencies: RefreshDependencies,
): Promise<Tokens> {
  const { secret, sessions, accessItem } = dependencies;
  const position = readRefreshToken(body.refreshToken, await secret("refresh"));
  if (!position) throw invalid();
  const result = await sessions.rotate(position);
  const session =
    "rotated" in result
      ? result.rotated
      : await racedSession(result.refused, position.counter, requestId, dependencies);
  const item = await accessItem(session.manufacturerId, session.memberId, false);
  if (!item || !isAlive(item, session)) throw invalid();
  return issueTokens(session, item.roles, dependencies);
}

/** The session of a client that lost a race by seconds; anything else is refused, and reuse ends the session. */
async function racedSession(
  session: StoredSession | undefined,
  counter: number,
  requestId: string,
  { sessions, now }: RefreshDependencies,
): Promise<StoredSession> {
  const nowMs = now();
  if (!session || session.endedAtMs !== undefined) throw invalid();
  if (Math.min(session.absoluteExpiresAtMs, session.idleExpiresAtMs) <= nowMs) throw invalid();
  if (session.counter === counter + 1 && nowMs - session.refreshedAtMs <= raceWindowMs) {
    return session;
  }
  const { manufacturerId, memberId, sessionId } = session;
  await sessions.endSession(session, sessionId, [], {
    manufacturerId,
    actorId: memberId,
    subjectId: sessionId,
    action: "auth.refresh-token.reused",
    outcome: "failure",
    requestId,
    timeMs: nowMs,
  });
  throw invalid();
}

const isAlive = (item: AccessItem, session: StoredSession): boolean =>
  item.status === "active" &&
  session.startedAtMs >= item.sessionsValidFromMs &&
  session.passwordVersion === (item.passwordVersion ?? 0) &&
  !Object.hasOwn(item.endedSessions, session.sessionId);

const invalid = (): Problem => new Problem("invalid-refresh-token", { detail: "Sign in again." });
