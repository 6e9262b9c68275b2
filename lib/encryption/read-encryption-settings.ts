import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import { settingsOf } from "./settings.ts";
import type { readEncryptionSettingsRoute } from "./settings-api.ts";
import type { KeyStore } from "./store.ts";

/** @throws Problem `key-version-unknown` where the manufacturer has no keys */
export async function readEncryptionSettings(
  { caller }: OperationRequest<typeof readEncryptionSettingsRoute>,
  { store }: { readonly store: Pick<KeyStore, "readManufacturerKeys"> },
): Promise<OperationBody<typeof readEncryptionSettingsRoute>> {
  const keys = await store.readManufacturerKeys(caller.manufacturerId);
  if (keys === undefined) throw new Problem("key-version-unknown");
  return settingsOf(keys);
}
