import type { ReadAccessItem } from "../access/access-item.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { endOtherSessionsRoute } from "./api.ts";
import { forgettableSessions } from "./end-session.ts";
import { sessionsToEnd } from "./other-sessions.ts";
import type { SessionStore } from "./session-store.ts";

export interface EndOtherSessionsDependencies {
  sessions: SessionStore;
  accessItem: ReadAccessItem;
  now: Clock;
}

/**
 * Ends every session of the caller but this one: refresh tokens at once, access tokens within 60 s, at
 * once where a permission is `fresh` (ASVS 7.4.3). Without others there is nothing to do.
 *
 * @throws Problem `contention`
 */
export async function endOtherSessions(
  { caller, origin }: OperationRequest<typeof endOtherSessionsRoute>,
  { sessions, accessItem, now }: EndOtherSessionsDependencies,
): Promise<undefined> {
  const { manufacturerId, memberId } = caller;
  const item = await accessItem(manufacturerId, memberId, true);
  const validFromMs = item?.sessionsValidFromMs ?? 0;
  const sessionIds = await sessionsToEnd(caller, { validFromMs, keepOthers: false }, sessions);
  if (sessionIds.length === 0) return;
  const outcome = await sessions.endSessions(caller, sessionIds, {
    actor: caller,
    forgotten: forgettableSessions(item, now()),
    entry: {
      manufacturerId,
      actorId: memberId,
      subjectId: memberId,
      action: "auth.sessions.ended",
      outcome: "success",
      origin,
      timeMs: now(),
      details: { sessionIds },
    },
  });
  if (!outcome.committed) throw new Problem("contention");
}
