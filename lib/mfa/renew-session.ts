import type { AccessItem } from "../access/access-item.ts";
import type { Actor } from "../access/actor-condition.ts";
import type { Origin } from "../audit/origin.ts";
import { forgettableSessions } from "../auth/end-session.ts";
import { endIfAlive } from "../auth/other-sessions.ts";
import type { Session, TokenDependencies } from "../auth/session.ts";
import { startSession } from "../auth/session.ts";
import { closeSession, putSession } from "../auth/session-store.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { countUse } from "../devices/store.ts";
import type { Caller } from "../http/request.ts";
import type { MemberChange } from "./member-statement.ts";
import { changeMember } from "./member-statement.ts";

/** Renewing a session is a change by its member, who must still be able to act when it commits. */
export interface RenewDependencies extends TokenDependencies {
  tables: { identity: string; audit: string };
  commitAs: (actor: Actor, statements: readonly Statement[]) => Promise<Outcome>;
}

export interface RenewedSession {
  session: Session;
  /** `member` first, then the sessions that end and the one that starts. */
  statements: readonly Statement[];
}

/**
 * The session at `aal2` that takes the place of the caller's once they have proven a second factor
 * in it (ASVS 7.2.4). The old one ends in the same transaction; the absolute end stays bound to the
 * password's age.
 */
export function renewSession(
  table: string,
  caller: Caller,
  item: AccessItem,
  options: {
    origin: Origin;
    otherSessionIds?: readonly string[];
    secondFactors?: MemberChange["secondFactors"];
  },
  { now }: Pick<TokenDependencies, "now">,
): RenewedSession {
  const nowMs = now();
  const { memberId } = caller;
  const { otherSessionIds = [] } = options;
  const endedSessionIds = [caller.sessionId, ...otherSessionIds];
  const session = startSession(
    caller,
    {
      acr: "aal2",
      amr: [...new Set([...caller.amr, "otp"])],
      amrTimesMs: { ...caller.amrTimesMs, otp: nowMs },
      deviceId: caller.deviceId,
    },
    options.origin,
    nowMs,
  );
  return {
    session,
    statements: [
      changeMember(
        table,
        caller,
        {
          ...(options.secondFactors && { secondFactors: options.secondFactors }),
          endedSessionIds,
          forgottenSessionIds: forgettableSessions(item, nowMs).filter(
            (sessionId) => !endedSessionIds.includes(sessionId),
          ),
        },
        { provenAtMs: caller.sessionStartedAtMs, nowMs },
      ),
      closeSession(table, memberId, caller.sessionId, nowMs),
      ...otherSessionIds.map((sessionId) => endIfAlive(table, memberId, sessionId, nowMs)),
      ...(caller.deviceId === undefined
        ? []
        : [countUse(table, { memberId, deviceId: caller.deviceId })]),
      putSession(table, session),
    ],
  };
}
