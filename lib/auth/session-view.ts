import * as z from "zod/mini";
import { assuranceLevels } from "../access/policy.ts";
import { toRfc3339 } from "../clock.ts";
import type { DeviceStore } from "../devices/store.ts";
import type { StoredSession } from "./session-store.ts";

/** A session as lists show it. */
export const SessionItem = z.object({
  sessionId: z.string(),
  startedAt: z.iso.datetime(),
  lastRefreshedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  acr: z.enum(assuranceLevels),
  amr: z.array(z.string()),
  /** The client and its address at the start, and at the last refresh. */
  userAgent: z.string(),
  sourceAddress: z.optional(z.string()),
  lastUserAgent: z.string(),
  lastSourceAddress: z.optional(z.string()),
  /** What the member calls the trusted device that made it. */
  deviceLabel: z.optional(z.string()),
  isCurrent: z.boolean(),
});

/**
 * Sessions of one member as lists show them. Devices are read only where one of them made a session:
 * without, it costs no round trip.
 */
export async function toSessionViews(
  sessions: readonly StoredSession[],
  currentSessionId: string,
  { listDevices }: Pick<DeviceStore, "listDevices">,
): Promise<z.infer<typeof SessionItem>[]> {
  const memberId = sessions.find(({ deviceId }) => deviceId !== undefined)?.memberId;
  const devices = memberId === undefined ? [] : await listDevices(memberId);
  const labels = new Map(devices.map(({ deviceId, label }) => [deviceId, label]));
  return sessions.map((session) => {
    const deviceLabel = session.deviceId && labels.get(session.deviceId);
    return {
      ...toSessionView(session, currentSessionId),
      ...(deviceLabel !== undefined && { deviceLabel }),
    };
  });
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
