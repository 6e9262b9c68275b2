import type { ReadAccessItem } from "../access/access-item.ts";
import type { DeviceStore } from "../devices/store.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { listSessionsRoute } from "./api.ts";
import type { SessionStore } from "./session-store.ts";
import { toSessionViews } from "./session-view.ts";

export interface ListSessionsDependencies {
  sessions: Pick<SessionStore, "listSessions">;
  devices: Pick<DeviceStore, "listDevices">;
  accessItem: ReadAccessItem;
}

export async function listSessions(
  { caller }: OperationRequest<typeof listSessionsRoute>,
  { sessions, devices, accessItem }: ListSessionsDependencies,
): Promise<OperationBody<typeof listSessionsRoute>> {
  const item = await accessItem(caller.manufacturerId, caller.memberId, true);
  const alive = await sessions.listSessions(caller.memberId, item?.sessionsValidFromMs ?? 0);
  return { items: await toSessionViews(alive, caller.sessionId, devices) };
}
