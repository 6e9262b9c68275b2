import { findMember } from "../accounts/find-member.ts";
import type { AccountStore } from "../accounts/store.ts";
import type { Clock } from "../clock.ts";
import type { OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { endMemberSessionsRoute } from "./member-session-api.ts";
import type { EndAllSessions } from "./member-session-store.ts";
import type { SessionStore } from "./session-store.ts";

export interface EndMemberSessionsDependencies {
  accounts: Pick<AccountStore, "readMember">;
  sessions: Pick<SessionStore, "listSessions">;
  endAllSessions: EndAllSessions;
  now: Clock;
}

/**
 * Ends every session of a member (ASVS 7.4.5), the caller's own included where it is their own:
 * refresh tokens at once, access tokens within 60 s, at once where a permission is `fresh`. A sign-in
 * that waits for its second factor starts over. Without sessions there is nothing to do.
 *
 * @throws Problem `not-found`, `role-above-own`, `contention`
 */
export async function endMemberSessions(
  { params, caller, origin }: OperationRequest<typeof endMemberSessionsRoute>,
  { accounts, sessions, endAllSessions, now }: EndMemberSessionsDependencies,
): Promise<undefined> {
  const member = await findMember(params.memberId, caller, accounts.readMember);
  const alive = await sessions.listSessions(member.memberId, member.sessionsValidFromMs);
  if (alive.length === 0) return;
  const timeMs = now();
  // A session is never younger than its end, whichever environment's clock it began by.
  const validFromMs = Math.max(timeMs, ...alive.map(({ startedAtMs }) => startedAtMs + 1));
  const outcome = await endAllSessions(caller, member, validFromMs, {
    manufacturerId: member.manufacturerId,
    actorId: caller.memberId,
    subjectId: member.memberId,
    action: "auth.member-sessions.ended",
    outcome: "success",
    origin,
    timeMs,
    details: { sessions: alive.length },
  });
  if (!outcome.committed) {
    throw new Problem("contention", {
      detail: "The member was changed at the same moment; look again.",
    });
  }
}
