import { findMember } from "../accounts/find-member.ts";
import type { AccountStore } from "../accounts/store.ts";
import type { DeviceStore } from "../devices/store.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { listMemberSessionsRoute } from "./member-session-api.ts";
import type { SessionStore } from "./session-store.ts";
import { toSessionViews } from "./session-view.ts";

export interface ListMemberSessionsDependencies {
  accounts: Pick<AccountStore, "readMember">;
  sessions: Pick<SessionStore, "listSessions">;
  devices: Pick<DeviceStore, "listDevices">;
}

/**
 * A member's sessions that are alive, newest first, with the client, the address and the device of
 * each: what an administrator looks at before ending them.
 *
 * @throws Problem `not-found`, `role-above-own`
 */
export async function listMemberSessions(
  { params, caller }: OperationRequest<typeof listMemberSessionsRoute>,
  { accounts, sessions, devices }: ListMemberSessionsDependencies,
): Promise<OperationBody<typeof listMemberSessionsRoute>> {
  const member = await findMember(params.memberId, caller, accounts.readMember);
  const alive = await sessions.listSessions(member.memberId, member.sessionsValidFromMs);
  return { items: await toSessionViews(alive, caller.sessionId, devices) };
}
