import type { ReadAccessItem } from "../access/access-item.ts";
import { toRfc3339 } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { listSessionsRoute } from "./api.ts";
import type { SessionStore, StoredSession } from "./session-store.ts";

export async function listSessions(
  { caller }: OperationRequest<typeof listSessionsRoute>,
  { sessions, accessItem }: { sessions: SessionStore; accessItem: ReadAccessItem },
): Promise<OperationBody<typeof listSessionsRoute>> {
  const item = await accessItem(caller.manufacturerId, caller.memberId, true);
  const alive = await sessions.listSessions(caller.memberId, item?.sessionsValidFromMs ?? 0);
  return { items: alive.map((session) => toSessionView(session, caller.sessionId)) };
}

export const toSessionView = (session: StoredSession, currentSessionId: string) => ({
  sessionId: session.sessionId,
  startedAt: toRfc3339(session.startedAtMs),
  lastRefreshedAt: toRfc3339(session.refreshedAtMs),
  expiresAt: toRfc3339(Math.min(session.absoluteExpiresAtMs, session.idleExpiresAtMs)),
  acr: session.acr,
  amr: [...session.amr],
  userAgent: session.userAgent,
  sourceAddress: session.sourceAddress,
  lastUserAgent: session.lastUserAgent ?? session.userAgent,
  lastSourceAddress: session.lastSourceAddress ?? session.sourceAddress,
  isCurrent: session.sessionId === currentSessionId,
});
