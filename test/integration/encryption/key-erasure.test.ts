import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { transact } from "../../../lib/aws/transact.ts";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import {
  cancelErasure,
  erasureDelayMs,
  scheduleErasure,
  shredManufacturerKeys,
} from "../../../lib/encryption/erase-manufacturer.ts";
import type { ErasureStore } from "../../../lib/encryption/erasure-store.ts";
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

describe("erasure", () => {
  it("blocks at once, can be cancelled until its time, and then everything opens again", async () => {
    const { clock, createEnvironment, erasing, management, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await encryptManufacturerData(environment, { manufacturerId, data: 1 });
    const { eraseAfterMs } = await scheduleErasure(erasing, manufacturerId);
    expect(eraseAfterMs).toBe(clock.nowMs + erasureDelayMs);
    const opened = () =>
      problemCodeOf(decryptManufacturerData(environment, { manufacturerId, envelope }));
    clock.nowMs += 30_000;
    expect(await opened()).toBe("erasure-pending");
    expect(
      await problemCodeOf(rotateEncryptionKey(management, { manufacturerId, sessionId, purpose })),
    ).toBe("erasure-pending");
    expect(await scheduleErasure(erasing, manufacturerId)).toMatchObject({ eraseAfterMs });
    clock.nowMs = eraseAfterMs - 1;
    expect(await problemCodeOf(shredManufacturerKeys(erasing, manufacturerId))).toBe(
      "erasure-pending",
    );
    await cancelErasure(erasing, manufacturerId);
    clock.nowMs += 30_000;
    expect(await opened()).toBe("none");
    expect(await problemCodeOf(cancelErasure(erasing, manufacturerId))).toBe("erasure-not-pending");
    expect(await problemCodeOf(shredManufacturerKeys(erasing, manufacturerId))).toBe(
      "erasure-not-pending",
    );
  });

  it("destroys every wrapped key and the salt, for good, and says when that is true everywhere", async () => {
    const { clock, createEnvironment, erasing, management, store, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await encryptManufacturerData(environment, { manufacturerId, data: 1 });
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    const requestedAtMs = clock.nowMs;
    const { eraseAfterMs } = await scheduleErasure(erasing, manufacturerId);
    clock.nowMs = eraseAfterMs;
    const certificate = await shredManufacturerKeys(erasing, manufacturerId);
    const day = 24 * 60 * 60_000;
    expect(certificate).toEqual({
      manufacturerId,
      requestedAtMs,
      erasedAtMs: eraseAfterMs,
      keyVersionsDestroyed: 3,
      cachesClearAtMs: eraseAfterMs + 30_000,
      backupsClearAtMs: eraseAfterMs + day,
      effectiveAtMs: eraseAfterMs + day,
    });
    const versions = await store.listVersions(manufacturerId);
    expect(versions.map(({ state, wrappedKey }) => [state, wrappedKey])).toEqual(
      Array.from({ length: 3 }, () => ["destroyed", undefined]),
    );
    expect(await store.readManufacturerKeys(manufacturerId)).not.toHaveProperty("salt");
    for (const opener of [environment, createEnvironment()]) {
      clock.nowMs += 30_000;
      const opened = decryptManufacturerData(opener, { manufacturerId, envelope });
      expect(await problemCodeOf(opened)).toBe("key-destroyed");
      const sealed = encryptManufacturerData(opener, { manufacturerId, data: 2 });
      expect(await problemCodeOf(sealed)).toBe("key-destroyed");
    }
    expect(await problemCodeOf(cancelErasure(erasing, manufacturerId))).toBe("key-destroyed");
    expect(await shredManufacturerKeys(erasing, manufacturerId)).toEqual(certificate);
  });

  it("goes on where it was cut off, and cannot be cancelled once it began", async () => {
    const { clock, erasing, management, store, manufacturerId } = createScene();
    await createManufacturerKeys(management, manufacturerId);
    const { eraseAfterMs } = await scheduleErasure(erasing, manufacturerId);
    clock.nowMs = eraseAfterMs;
    let destroyed = 0;
    const { erasure } = erasing;
    const failing: ErasureStore = Object.assign({}, erasure, {
      async destroyVersion(version: { manufacturerId: string; keyId: string; nowMs: number }) {
        destroyed += 1;
        if (destroyed === 2) throw new Error("cut off");
        await erasure.destroyVersion(version);
      },
    });
    const cut = shredManufacturerKeys({ ...erasing, erasure: failing }, manufacturerId);
    await expect(cut).rejects.toThrow("cut off");
    expect(await problemCodeOf(cancelErasure(erasing, manufacturerId))).toBe("key-destroyed");
    const certificate = await shredManufacturerKeys(erasing, manufacturerId);
    expect(certificate.keyVersionsDestroyed).toBe(2);
    const versions = await store.listVersions(manufacturerId);
    expect(versions.every(({ wrappedKey }) => wrappedKey === undefined)).toBe(true);
  });

  it("outlasts a restore of the keys: nothing seals or opens, in warm and cold environments", async () => {
    const { clock, createEnvironment, erased, erasing, manufacturerId, table } = createScene();
    const { documents } = services;
    const warm = createEnvironment();
    const envelope = await encryptManufacturerData(warm, { manufacturerId, data: 1 });
    const { Items: backup = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :manufacturer",
        ExpressionAttributeValues: { ":manufacturer": `MFR#${manufacturerId}` },
      }),
    );
    expect(backup).toHaveLength(3);
    const { eraseAfterMs, requestedAtMs } = await scheduleErasure(erasing, manufacturerId);
    clock.nowMs = eraseAfterMs;
    await shredManufacturerKeys(erasing, manufacturerId);
    const restore = async () => {
      for (const Item of backup) await documents.send(new PutCommand({ TableName: table, Item }));
      clock.nowMs += 30_000;
    };
    const outcomes = () =>
      Promise.all(
        [warm, createEnvironment()].flatMap((environment) => [
          problemCodeOf(decryptManufacturerData(environment, { manufacturerId, envelope })),
          problemCodeOf(encryptManufacturerData(environment, { manufacturerId, data: 2 })),
        ]),
      );
    await transact(documents, [erased.put({ manufacturerId, requestedAtMs })]);
    await restore();
    expect(await outcomes()).toEqual(Array.from({ length: 4 }, () => "key-destroyed"));
  });
});
