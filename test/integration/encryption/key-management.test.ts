import { describe, expect, it } from "vitest";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import { decryptManufacturerData } from "../../../lib/encryption/decrypt-manufacturer-data.ts";
import { encryptManufacturerData } from "../../../lib/encryption/encrypt-manufacturer-data.ts";
import {
  cancelErasure,
  erasureDelayMs,
  scheduleErasure,
  shredManufacturerKeys,
} from "../../../lib/encryption/erase-manufacturer.ts";
import type { ErasureStore } from "../../../lib/encryption/erasure-store.ts";
import type { KeyHierarchy } from "../../../lib/encryption/key-hierarchy.ts";
import { listKeyVersions } from "../../../lib/encryption/list-key-versions.ts";
import { reEncryptManufacturerData } from "../../../lib/encryption/re-encrypt-manufacturer-data.ts";
import { revokeKeyVersion } from "../../../lib/encryption/revoke-key-version.ts";
import { rotateEncryptionKey } from "../../../lib/encryption/rotate-encryption-key.ts";
import { openField, sealField } from "../../../lib/encryption/seal-field.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene } from "./key-scene.ts";

const purpose = "envelope";
const services = useServices();
const createScene = () => createKeyScene(services);
type Scene = ReturnType<typeof createScene>;

const states = async (scene: Scene) =>
  Object.fromEntries(
    (await listKeyVersions(scene, scene.manufacturerId)).map(({ keyId, state }) => [keyId, state]),
  );

describe("first use", () => {
  it("makes one key per purpose, once, however many environments start at the same time", async () => {
    const scene = createScene();
    const { manufacturerId } = scene;
    const environments = Array.from({ length: 8 }, () => scene.createEnvironment());
    const envelopes = await Promise.all(
      environments.map((environment, data) =>
        encryptManufacturerData(environment, { manufacturerId, data }),
      ),
    );
    expect(await states(scene)).toEqual({
      "envelope#000001": "enabled",
      "record#000001": "enabled",
    });
    const environment = scene.createEnvironment();
    for (const [data, envelope] of envelopes.entries()) {
      expect(await decryptManufacturerData(environment, { manufacturerId, envelope })).toBe(data);
    }
  });

  it("keeps every manufacturer's data its own", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await encryptManufacturerData(environment, {
      manufacturerId,
      data: { secret: 1 },
    });
    const stranger = { manufacturerId: "mfr_second", envelope };
    expect(await problemCodeOf(decryptManufacturerData(environment, stranger))).toBe(
      "tenant-mismatch",
    );
    const relabelled = { ...stranger, envelope: { ...envelope, manufacturerId: "mfr_second" } };
    expect(await problemCodeOf(decryptManufacturerData(environment, relabelled))).toBe(
      "commitment-mismatch",
    );
  });
});

describe("fields of our own items", () => {
  const placeOf = (manufacturerId: string) =>
    ({ manufacturerId, pk: "MEM#mem_1", sk: "FACTOR#fac_1", attribute: "secret" }) as const;

  it("open at the place they were sealed for and nowhere else", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const sealed = await sealField(environment, placeOf(manufacturerId), Buffer.from("12345"));
    expect((await openField(environment, placeOf(manufacturerId), sealed)).toString()).toBe(
      "12345",
    );
    for (const [name, other] of Object.entries({
      pk: "MEM#mem_2",
      sk: "FACTOR#fac_2",
      attribute: "label",
    })) {
      const elsewhere = { ...placeOf(manufacturerId), [name]: other };
      expect(await problemCodeOf(openField(environment, elsewhere, sealed))).toBe(
        "commitment-mismatch",
      );
      const context = { ...sealed.context, [name]: other };
      const moved = openField(environment, elsewhere, { ...sealed, context });
      expect(await problemCodeOf(moved)).toBe("commitment-mismatch");
    }
    const foreign = openField(environment, placeOf("mfr_second"), sealed);
    expect(await problemCodeOf(foreign)).toBe("tenant-mismatch");
  });

  it("never open through the operation that opens callers' envelopes", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await sealField(environment, placeOf(manufacturerId), Buffer.from("12345"));
    const { context } = envelope;
    const opened = decryptManufacturerData(environment, { manufacturerId, envelope, context });
    expect(await problemCodeOf(opened)).toBe("envelope-malformed");
  });
});

describe("the context of an envelope", () => {
  const context = { order: "17", customer: "c-4" };

  it("is demanded on opening, whole and unchanged, and what was sealed without any opens without", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const seal = (given?: Record<string, string>) =>
      encryptManufacturerData(environment, { manufacturerId, data: 1, context: given });
    const bound = await seal(context);
    const open = (envelope: unknown, given?: Record<string, string>) =>
      decryptManufacturerData(environment, { manufacturerId, envelope, context: given });
    expect(await open(bound, { customer: "c-4", order: "17" })).toBe(1);
    for (const other of [
      undefined,
      {},
      { order: "17" },
      { ...context, order: "18" },
      { ...context, more: "" },
      { order: "17c", ustomer: "-4" },
    ]) {
      expect(await problemCodeOf(open(bound, other))).toBe("commitment-mismatch");
    }
    expect(await problemCodeOf(open({ ...bound, context: {} }, {}))).toBe("commitment-mismatch");
    const unbound = await seal();
    expect(await open(unbound)).toBe(1);
    expect(await problemCodeOf(open(unbound, context))).toBe("commitment-mismatch");
  });

  it("is demanded for moving it to the newest key, and stays", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await encryptManufacturerData(environment, {
      manufacturerId,
      data: 1,
      context,
    });
    const move = (given?: Record<string, string>) =>
      reEncryptManufacturerData(environment, { manufacturerId, envelope, context: given });
    expect(await problemCodeOf(move())).toBe("commitment-mismatch");
    expect((await move(context)).context).toEqual(context);
  });
});

describe("rotation", () => {
  it("seals with the new version within 30 seconds and opens everything sealed before", async () => {
    const { clock, createEnvironment, management, manufacturerId } = createScene();
    const environment = createEnvironment();
    const old = await encryptManufacturerData(environment, { manufacturerId, data: "old" });
    const next = await rotateEncryptionKey(management, { manufacturerId, purpose });
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
        rotateEncryptionKey({ ...scene.management, hierarchy }, { manufacturerId, purpose }),
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
      purpose,
      version: 1,
    });
    const second = await rotateEncryptionKey(scene.management, {
      manufacturerId,
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
      await problemCodeOf(rotateEncryptionKey(scene.management, { manufacturerId, purpose })),
    ).toBe("kms-unavailable");
    expect(await states(scene)).toEqual({
      "envelope#000001": "enabled",
      "record#000001": "enabled",
    });
  });
});

describe("revocation", () => {
  it("ends opening everywhere at the time it answers, and nothing else", async () => {
    const { clock, createEnvironment, management, manufacturerId } = createScene();
    const environments = [createEnvironment(), createEnvironment()];
    const [first] = environments;
    if (first === undefined) throw new Error("no environment");
    const envelope = await encryptManufacturerData(first, { manufacturerId, data: 1 });
    await rotateEncryptionKey(management, { manufacturerId, purpose });
    clock.nowMs += 30_000;
    const other = await encryptManufacturerData(first, { manufacturerId, data: 2 });
    for (const environment of environments) {
      await decryptManufacturerData(environment, { manufacturerId, envelope });
    }
    const { effectiveAtMs } = await revokeKeyVersion(management, {
      manufacturerId,
      purpose,
      version: 1,
    });
    expect(effectiveAtMs).toBe(clock.nowMs + 30_000);
    clock.nowMs = effectiveAtMs;
    for (const environment of environments) {
      const revoked = decryptManufacturerData(environment, { manufacturerId, envelope });
      expect(await problemCodeOf(revoked)).toBe("key-revoked");
      expect(await decryptManufacturerData(environment, { manufacturerId, envelope: other })).toBe(
        2,
      );
    }
  });

  it("of the newest version first makes a newer one, so that sealing goes on", async () => {
    const scene = createScene();
    const { manufacturerId } = scene;
    const environment = scene.createEnvironment();
    await encryptManufacturerData(environment, { manufacturerId, data: 1 });
    await revokeKeyVersion(scene.management, { manufacturerId, purpose, version: 1 });
    expect(await states(scene)).toEqual({
      "envelope#000001": "revoked",
      "envelope#000002": "enabled",
      "record#000001": "enabled",
    });
    scene.clock.nowMs += 30_000;
    const envelope = await encryptManufacturerData(environment, { manufacturerId, data: 2 });
    expect(envelope.keyId).toBe("envelope#000002");
  });

  it("asked for again gives the first answer, and refuses what does not exist", async () => {
    const { clock, management, manufacturerId } = createScene();
    await createManufacturerKeys(management, manufacturerId);
    const first = await revokeKeyVersion(management, { manufacturerId, purpose, version: 1 });
    clock.nowMs += 60_000;
    expect(await revokeKeyVersion(management, { manufacturerId, purpose, version: 1 })).toEqual(
      first,
    );
    const absent = revokeKeyVersion(management, { manufacturerId, purpose, version: 9 });
    expect(await problemCodeOf(absent)).toBe("key-version-unknown");
  });

  it("of a record version is refused while records may need it, and makes no new one", async () => {
    const scene = createScene();
    const { manufacturerId, management } = scene;
    const revoke = () =>
      revokeKeyVersion(management, { manufacturerId, purpose: "record", version: 1 });
    await createManufacturerKeys(management, manufacturerId);
    expect(await problemCodeOf(revoke())).toBe("key-version-in-use");
    await rotateEncryptionKey(management, { manufacturerId, purpose: "record" });
    expect(await problemCodeOf(revoke())).toBe("key-version-in-use");
    expect(await states(scene)).toEqual({
      "envelope#000001": "enabled",
      "record#000001": "retiring",
      "record#000002": "enabled",
    });
  });

  it("leaves one new version behind when several ask for it at once", async () => {
    const scene = createScene();
    const { manufacturerId } = scene;
    await createManufacturerKeys(scene.management, manufacturerId);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        revokeKeyVersion(scene.management, { manufacturerId, purpose, version: 1 }),
      ),
    );
    expect(new Set(answers.map(({ revokedAtMs }) => revokedAtMs)).size).toBe(1);
    expect(await states(scene)).toEqual({
      "envelope#000001": "revoked",
      "envelope#000002": "enabled",
      "record#000001": "enabled",
    });
  });
});

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
    expect(await problemCodeOf(rotateEncryptionKey(management, { manufacturerId, purpose }))).toBe(
      "erasure-pending",
    );
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
    await rotateEncryptionKey(management, { manufacturerId, purpose });
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
    const next = await rotateEncryptionKey(management, { manufacturerId, purpose });
    expect(next.keyId).toBe("envelope#000002");
    loseNext();
    const revoked = await revokeKeyVersion(management, { manufacturerId, purpose, version: 1 });
    expect(revoked.revokedAtMs).toBe(clock.nowMs);
    expect(await states(scene)).toEqual({
      "envelope#000001": "revoked",
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
