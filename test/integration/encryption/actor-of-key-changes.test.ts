import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import type { Actor } from "../../../lib/access/actor-condition.ts";
import { transactAs } from "../../../lib/access/actor-condition.ts";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import { revokeKeyVersion } from "../../../lib/encryption/revoke-key-version.ts";
import { rotateEncryptionKey } from "../../../lib/encryption/rotate-encryption-key.ts";
import { encryptionSettingsStore } from "../../../lib/encryption/settings-store.ts";
import { keyStore } from "../../../lib/encryption/store.ts";
import { newId } from "../../../lib/id.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene } from "./key-scene.ts";

const services = useServices();

/** A manufacturer with keys, and an owner of this status whose request was let in a moment ago. */
async function createScene(status: "active" | "removed") {
  const scene = createKeyScene(services);
  const { manufacturerId, table } = scene;
  const { documents, tableNames } = services;
  const actor: Actor = {
    manufacturerId,
    memberId: newId("member"),
    sessionId: newId("session"),
    sessionStartedAtMs: 1000,
    passwordVersion: 1,
    roles: ["owner"],
    acr: "aal2",
    access: "encryption:rotate",
  };
  await documents.send(
    new PutCommand({
      TableName: tableNames.identity,
      Item: {
        pk: `MFR#${manufacturerId}`,
        sk: `MEMBER#${actor.memberId}`,
        roles: ["owner"],
        status,
        sessionsValidFromMs: 1000,
        passwordVersion: 1,
        endedSessions: {},
      },
    }),
  );
  await createManufacturerKeys(scene.management, manufacturerId);
  const store = keyStore(documents, table, (statements) =>
    transactAs(documents, tableNames.identity, actor, statements),
  );
  const settings = encryptionSettingsStore(documents, {
    keys: table,
    identity: tableNames.identity,
  });
  const management = { ...scene.management, store };
  const request = { manufacturerId, sessionId: actor.sessionId, purpose: "envelope" } as const;
  return {
    changes: [
      () => settings.change(actor, { rotateEveryDays: 30 }, []),
      () => rotateEncryptionKey(management, request),
      () => revokeKeyVersion(management, { ...request, version: 1 }),
    ],
    stored: async () => ({
      rotateEveryDays: (await scene.store.readManufacturerKeys(manufacturerId))?.rotateEveryDays,
      states: (await scene.store.listVersions(manufacturerId)).map(({ state }) => state),
    }),
  };
}

describe("a change of keys or of their settings", () => {
  it("is made by an owner who is active", async () => {
    const { changes, stored } = await createScene("active");
    for (const change of changes) expect(await problemCodeOf(change())).toBe("none");
    expect(await stored()).toEqual({
      rotateEveryDays: 30,
      states: ["revoking", "enabled", "enabled"],
    });
  });

  it("is not finished by an owner who was removed while the request was under way", async () => {
    const { changes, stored } = await createScene("removed");
    for (const change of changes) expect(await problemCodeOf(change())).toBe("invalid-token");
    expect(await stored()).toEqual({ rotateEveryDays: undefined, states: ["enabled", "enabled"] });
  });
});
