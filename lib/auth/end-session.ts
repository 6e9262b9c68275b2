import type { AccessItem, ReadAccessItem } from "../access/access-item.ts";
import type { Origin } from "../audit/origin.ts";
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
  { params, caller, origin }: OperationRequest<typeof endSessionRoute>,
  dependencies: EndSessionDependencies,
): Promise<undefined> {
  if (!(await end(params.sessionId, caller, origin, dependencies))) {
    throw new Problem("not-found");
  }
}

/** Ends the session of the access token; one that has ended already has what it wants. */
export async function signOut(
  { caller, origin }: { caller: Caller; origin: Origin },
  dependencies: EndSessionDependencies,
): Promise<undefined> {
  await end(caller.sessionId, caller, origin, dependencies);
}

async function end(
  sessionId: string,
  caller: Caller,
  origin: Origin,
  { sessions, accessItem, now }: EndSessionDependencies,
): Promise<boolean> {
  const { manufacturerId, memberId } = caller;
  const item = await accessItem(manufacturerId, memberId, true);
  const forgotten = forgettableSessions(item, now());
  const entry = {
    manufacturerId,
    actorId: memberId,
    subjectId: sessionId,
    action: "auth.session.ended",
    outcome: "success" as const,
    origin,
    timeMs: now(),
  };
  const actor = sessionId === caller.sessionId ? undefined : caller;
  const outcome = await sessions.endSession(caller, sessionId, forgotten, entry, actor);
  return outcome.committed;
}

/** Ended sessions that no living access token can name any more. */
export const forgettableSessions = (item: AccessItem | undefined, nowMs: number): string[] =>
  Object.entries(item?.endedSessions ?? {})
    .filter(([, untilMs]) => untilMs <= nowMs)
    .map(([sessionId]) => sessionId)
    .slice(0, 50);
