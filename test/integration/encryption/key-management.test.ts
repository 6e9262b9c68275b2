import { describe, expect, it } from "vitest";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import {
  cancelErasure,
  scheduleErasure,
  shredManufacturerKeys,
} from "../../../lib/encryption/erase-manufacturer.ts";
import type { KeyHierarchy } from "../../../lib/encryption/key-hierarchy.ts";
import { listKeyVersions } from "../../../lib/encryption/list-key-versions.ts";
import { reEncryptManufacturerData } from "../../../lib/encryption/re-encrypt-manufacturer-data.ts";
import { revokeKeyVersion } from "../../../lib/encryption/revoke-key-version.ts";
import { rotateEncryptionKey } from "../../../lib/encryption/rotate-encryption-key.ts";
import {
  openData as decryptManufacturerData,
  sealData as encryptManufacturerData,
} from "../../support/json-data.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene, sessionId } from "./key-scene.ts";

const purpose = "envelope";
const services = useServices();
const createScene = () => createKeyScene(services);
type Scene = ReturnType<typeof createScene>;

const states = async (scene: Scene) =>
  Object.fromEntries(
    (await listKeyVersions(scene, scene.manufacturerId)).map(({ keyId, state }) => [keyId, state]),
  );

describe("rotation", () => {
  it("seals with the new version within 30 seconds and opens everything sealed before", async () => {
    const { clock, createEnvironment, management, manufacturerId } = createScene();
    const environment = createEnvironment();
    const old = await encryptManufacturerData(environment, { manufacturerId, data: "old" });
    const next = await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    expect(next).toMatchObject({ keyId: "envelope#000002", version: 2, state: "enabled" });
    clock.nowMs += 30_000;
    const fresh = await encryptManufacturerData(environment, { manufacturerId, data: "new" });
    expect(fresh.keyId).toBe("envelope#000002");
    for (const opener of [environment, createEnvironment()]) {
      expect(await decryptManufacturerData(opener, { manufacturerId, envelope: old })).toBe("old");
      expect(await decryptManufacturerData(opener, { manufacturerId, envelope: fresh })).toBe(
        "new",
      );
    }
    const moved = await reEncryptManufacturerData(environment, { manufacturerId, envelope: old });
    expect(moved).toMatchObject({
      keyId: "envelope#000002",
      algorithm: old.algorithm,
      context: {},
    });
    expect(await decryptManufacturerData(environment, { manufacturerId, envelope: moved })).toBe(
      "old",
    );
  });

  it("ends a race in one new version, which every contender is answered", async () => {
    const scene = createScene();
    const { manufacturerId } = scene;
    await createManufacturerKeys(scene.management, manufacturerId);
    const contenders = 6;
    const allHaveRead = Promise.withResolvers<void>();
    let generated = 0;
    const hierarchy: KeyHierarchy = {
      ...scene.hierarchy,
      async generate(identity) {
        generated += 1;
        if (generated === contenders) allHaveRead.resolve();
        await allHaveRead.promise;
        return scene.hierarchy.generate(identity);
      },
    };
    const rotations = await Promise.all(
      Array.from({ length: contenders }, () =>
        rotateEncryptionKey(
          { ...scene.management, hierarchy },
          { manufacturerId, sessionId, purpose },
        ),
      ),
    );
    expect(await states(scene)).toEqual({
      "envelope#000001": "retiring",
      "envelope#000002": "enabled",
      "record#000001": "enabled",
    });
    const stored = await scene.store.readVersion(manufacturerId, "envelope#000002");
    for (const { keyId, wrappedKey } of rotations) {
      expect(keyId).toBe("envelope#000002");
      expect(new Uint8Array(wrappedKey ?? [])).toEqual(stored?.wrappedKey);
    }
  });

  it("is not repeated when it is asked for from a version that is no longer the newest", async () => {
    const scene = createScene();
    const { manufacturerId } = scene;
    await createManufacturerKeys(scene.management, manufacturerId);
    const first = await rotateEncryptionKey(scene.management, {
      manufacturerId,
      sessionId,
      purpose,
      version: 1,
    });
    const second = await rotateEncryptionKey(scene.management, {
      manufacturerId,
      sessionId,
      purpose,
      version: 1,
    });
    expect(second.keyId).toBe(first.keyId);
  });

  it("changes nothing when KMS refuses", async () => {
    const scene = createScene();
    const { manufacturerId } = scene;
    await createManufacturerKeys(scene.management, manufacturerId);
    services.faults({ service: "kms", mode: "error" });
    expect(
      await problemCodeOf(
        rotateEncryptionKey(scene.management, { manufacturerId, sessionId, purpose }),
      ),
    ).toBe("kms-unavailable");
    expect(await states(scene)).toEqual({
      "envelope#000001": "enabled",
      "record#000001": "enabled",
    });
  });
});

describe("a change whose answer is lost on the way", () => {
  it("is answered as if it had arrived, and is made once", async () => {
    const scene = createScene();
    const { clock, erasing, management, manufacturerId } = scene;
    await createManufacturerKeys(management, manufacturerId);
    const loseNext = () =>
      services.faults({
        service: "dynamodb",
        mode: "lose-response",
        operation: "TransactWriteItems",
        times: 1,
      });
    loseNext();
    const next = await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    expect(next.keyId).toBe("envelope#000002");
    loseNext();
    const revoked = await revokeKeyVersion(management, {
      manufacturerId,
      sessionId,
      purpose,
      version: 1,
    });
    expect(revoked.revokedAtMs).toBe(clock.nowMs);
    expect(await states(scene)).toEqual({
      "envelope#000001": "revoking",
      "envelope#000002": "enabled",
      "record#000001": "enabled",
    });
    loseNext();
    await scheduleErasure(erasing, manufacturerId);
    loseNext();
    await cancelErasure(erasing, manufacturerId);
    const { eraseAfterMs } = await scheduleErasure(erasing, manufacturerId);
    clock.nowMs = eraseAfterMs;
    loseNext();
    const certificate = await shredManufacturerKeys(erasing, manufacturerId);
    expect(certificate.keyVersionsDestroyed).toBe(3);
  });
});
