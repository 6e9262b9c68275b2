import type { AccessItem, ReadAccessItem } from "../access/access-item.ts";
import type { Clock } from "../clock.ts";
import type { Caller, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { endSessionRoute } from "./api.ts";
import type { SessionStore } from "./session-store.ts";

export interface EndSessionDependencies {
  sessions: SessionStore;
  accessItem: ReadAccessItem;
  now: Clock;
}

/**
 * Ends one of the caller's sessions; its access tokens stop working within 60 s, at once where a
 * permission is `fresh`.
 *
 * @throws Problem `not-found` for one that is not the caller's, does not exist, has ended or expired
 */
export async function endSession(
  { params, caller, requestId }: OperationRequest<typeof endSessionRoute>,
  dependencies: EndSessionDependencies,
): Promise<undefined> {
  if (!(await end(params.sessionId, caller, requestId, dependencies))) {
    throw new Problem("not-found");
  }
}

/** Ends the session of the access token; one that has ended already has what it wants. */
export async function signOut(
  { caller, requestId }: { caller: Caller; requestId: string },
  dependencies: EndSessionDependencies,
): Promise<undefined> {
  await end(caller.sessionId, caller, requestId, dependencies);
}

async function end(
  sessionId: string,
  caller: Caller,
  requestId: string,
  { sessions, accessItem, now }: EndSessionDependencies,
): Promise<boolean> {
  const { manufacturerId, memberId } = caller;
  const item = await accessItem(manufacturerId, memberId, true);
  const outcome = await sessions.endSession(caller, sessionId, forgettableSessions(item, now()), {
    manufacturerId,
    actorId: memberId,
    subjectId: sessionId,
    action: "auth.session.ended",
    outcome: "success",
    requestId,
    timeMs: now(),
  });
  return outcome.committed;
}

/** Ended sessions that no living access token can name any more. */
export const forgettableSessions = (item: AccessItem | undefined, nowMs: number): string[] =>
  Object.entries(item?.endedSessions ?? {})
    .filter(([, untilMs]) => untilMs <= nowMs)
    .map(([sessionId]) => sessionId)
    .slice(0, 50);
