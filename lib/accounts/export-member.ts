import type { RecordAs } from "../access/actor-condition.ts";
import type { SessionStore } from "../auth/session-store.ts";
import { toSessionView } from "../auth/session-view.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import { toDeviceView } from "../devices/device.ts";
import type { DeviceStore } from "../devices/store.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { FactorStore } from "../mfa/factor-store.ts";
import { toFactorView } from "../mfa/list-factors.ts";
import { Problem } from "../problem.ts";
import type { exportMemberRoute } from "./member-api.ts";
import { toMemberView } from "./member-view.ts";
import type { AccountStore } from "./store.ts";

export interface ExportMemberDependencies {
  readMember: AccountStore["readMember"];
  sessions: SessionStore;
  factors: Pick<FactorStore, "listFactors">;
  devices: Pick<DeviceStore, "listDevices">;
  recordAs: RecordAs;
  now: Clock;
}

/**
 * Everything held about the caller as a person. The export is on record before any of it leaves.
 *
 * @throws Problem `not-found`, `contention`
 */
export async function exportMember(
  { caller, origin }: OperationRequest<typeof exportMemberRoute>,
  { readMember, sessions, factors, devices, recordAs, now }: ExportMemberDependencies,
): Promise<OperationBody<typeof exportMemberRoute>> {
  const member = await readMember(caller.manufacturerId, caller.memberId);
  if (!member || member.status === "removed") throw new Problem("not-found");
  const [held, apps, trusted] = await Promise.all([
    sessions.listSessions(caller.memberId, 0),
    factors.listFactors(caller.memberId),
    devices.listDevices(caller.memberId),
  ]);
  const exportedAtMs = now();
  await recordAs(caller, {
    manufacturerId: caller.manufacturerId,
    actorId: caller.memberId,
    subjectId: caller.memberId,
    action: "accounts.member.exported",
    outcome: "success",
    origin,
    timeMs: exportedAtMs,
  });
  return {
    exportedAt: toRfc3339(exportedAtMs),
    member: toMemberView(member),
    sessions: held.map((session) => toSessionView(session, caller.sessionId)),
    factors: apps.map(toFactorView),
    devices: trusted.map(toDeviceView),
    backupCodesLeft: member.secondFactors?.backupCodesLeft ?? 0,
  };
}
