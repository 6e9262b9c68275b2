import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import type { SessionStore } from "./session-store.ts";

/** Sessions that a transaction has room for beside the change that ends them. */
export const sessionsPerChangeMax = 40;

interface EndingChoice {
  /** Sessions that began earlier have ended already, epoch ms. */
  validFromMs: number;
  /** The caller asked to keep their other sessions. */
  keepOthers: boolean;
  /** Devices that go: their sessions end in any case, the caller's own included. */
  deviceIds?: readonly string[];
}

/**
 * The sessions that a change of a factor or a device ends: the member's others unless they are kept,
 * and every one that a device made which goes (ASVS 7.4.3). Where a transaction has no room for all of
 * them, the oldest end before the change.
 */
export async function sessionsToEnd(
  member: { manufacturerId: string; memberId: string; sessionId: string },
  { validFromMs, keepOthers, deviceIds = [] }: EndingChoice,
  sessions: Pick<SessionStore, "listSessions" | "endSessions">,
): Promise<string[]> {
  const alive = await sessions.listSessions(member.memberId, validFromMs);
  const ending = alive
    .filter(
      ({ sessionId, deviceId }) =>
        (!keepOthers && sessionId !== member.sessionId) ||
        (deviceId !== undefined && deviceIds.includes(deviceId)),
    )
    .map(({ sessionId }) => sessionId);
  for (let start = sessionsPerChangeMax; start < ending.length; start += sessionsPerChangeMax) {
    await sessions.endSessions(member, ending.slice(start, start + sessionsPerChangeMax));
  }
  return ending.slice(0, sessionsPerChangeMax);
}

/** Ends a session's refresh token, whether or not it ended by itself meanwhile. */
export const endIfAlive = (
  table: string,
  memberId: string,
  sessionId: string,
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.session(memberId, sessionId),
    UpdateExpression: "SET endedAtMs = if_not_exists(endedAtMs, :now)",
    ConditionExpression: `attribute_exists(${partitionKey})`,
    ExpressionAttributeValues: { ":now": nowMs },
  },
});
