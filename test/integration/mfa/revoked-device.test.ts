import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { transact } from "../../../lib/aws/transact.ts";
import { countUse, deleteDevice, deviceStore, useDevice } from "../../../lib/devices/store.ts";
import { newId } from "../../../lib/id.ts";
import { useServices } from "../../support/services.ts";

const nowMs = Date.UTC(2026, 10, 24, 12);
const services = useServices(() => nowMs);

/** A device on the database, and its store. */
async function registered() {
  const { documents, tableNames } = services;
  const table = tableNames.identity;
  const device = { memberId: newId("member"), deviceId: `dev_${"A".repeat(43)}` };
  await documents.send(
    new PutCommand({
      TableName: table,
      Item: {
        ...identityKeys.device(device.memberId, device.deviceId),
        ...device,
        expiresAtMs: nowMs + 1_000,
      },
    }),
  );
  return { device, table, store: deviceStore(documents, table, () => nowMs) };
}

it.each([
  ["a sign-in", (table: string, device: Place) => useDevice(table, device, nowMs)],
  ["a step-up", (table: string, device: Place) => countUse(table, device)],
])(
  "a device is not revoked over %s of it that was not seen, and is when it was",
  async (_what, use) => {
    const { device, table, store } = await registered();
    for (const before of [0, 1]) {
      const [seen] = await store.listDevices(device.memberId);
      await transact(services.documents, [use(table, device)]);
      const revoked = await transact(services.documents, [
        deleteDevice(table, { ...device, uses: seen?.uses }),
      ]);
      expect({ before, committed: revoked.committed }).toEqual({ before, committed: false });
    }
    const [seen] = await store.listDevices(device.memberId);
    const revoked = await transact(services.documents, [
      deleteDevice(table, { ...device, uses: seen?.uses }),
    ]);
    expect(revoked.committed).toBe(true);
    expect((await transact(services.documents, [use(table, device)])).committed).toBe(false);
  },
);

interface Place {
  memberId: string;
  deviceId: string;
}
