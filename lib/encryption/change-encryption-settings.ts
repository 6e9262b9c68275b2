import { auditPut } from "../audit/record.ts";
import type { Clock } from "../clock.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import { requireActive } from "./manufacturer-keys.ts";
import { settingsOf } from "./settings.ts";
import type { changeEncryptionSettingsRoute } from "./settings-api.ts";
import type { EncryptionSettingsStore } from "./settings-store.ts";
import type { KeyStore } from "./store.ts";

export interface SettingsChangeDependencies {
  readonly store: Pick<KeyStore, "readManufacturerKeys">;
  readonly settings: EncryptionSettingsStore;
  readonly auditTable: string;
  readonly now: Clock;
}

/**
 * Changes the settings that the body names and leaves the others. A rotation that is off is off by this
 * request alone, and on record.
 * @throws Problem `key-version-unknown`, `erasure-pending`, `key-destroyed`, `contention`
 */
export async function changeEncryptionSettings(
  { body, caller, origin }: OperationRequest<typeof changeEncryptionSettingsRoute>,
  { auditTable, now, settings, store }: SettingsChangeDependencies,
): Promise<OperationBody<typeof changeEncryptionSettingsRoute>> {
  const { manufacturerId, memberId } = caller;
  const keys = await store.readManufacturerKeys(manufacturerId);
  if (keys === undefined) throw new Problem("key-version-unknown");
  requireActive(keys);
  const { openings, rotateEveryDays } = body;
  const changed = {
    ...(rotateEveryDays !== undefined && { rotateEveryDays }),
    ...(openings !== undefined && { openings }),
  };
  const next = { ...settingsOf(keys), ...changed };
  if (Object.keys(changed).length === 0) return next;
  const record = auditPut(auditTable, {
    manufacturerId,
    actorId: memberId,
    subjectId: manufacturerId,
    action: "encryption.settings.changed",
    outcome: "success",
    origin,
    timeMs: now(),
    details: { rotateEveryDays: next.rotateEveryDays ?? "off", openings: next.openings },
  });
  const outcome = await settings.change(caller, changed, [record]);
  if (!outcome.committed) throw new Problem("contention");
  return next;
}
