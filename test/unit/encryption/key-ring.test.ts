import { describe, expect, it } from "vitest";
import { generateVersion } from "../../../lib/encryption/create-manufacturer-keys.ts";
import type { KeyRingOptions } from "../../../lib/encryption/key-ring.ts";
import { KeyRing } from "../../../lib/encryption/key-ring.ts";
import type { KeyVersion, ManufacturerKeys } from "../../../lib/encryption/manufacturer-keys.ts";
import { Problem } from "../../../lib/problem.ts";
import { problemCodeOf } from "./problem-code.ts";
import { createProcessKeyHierarchy } from "./process-key-hierarchy.ts";

const manufacturerId = "mfr_first";

/** A manufacturer with two envelope versions, whose items the test changes in place. */
async function createScene(options: Partial<KeyRingOptions> = {}) {
  const hierarchy = createProcessKeyHierarchy();
  const scene = { nowMs: 0, reads: { manufacturer: 0, version: 0 }, isTableDown: false };
  const now = () => scene.nowMs;
  const versions = new Map<string, KeyVersion>();
  for (const version of [1, 2]) {
    const made = await generateVersion(
      { hierarchy, now },
      { manufacturerId, purpose: "envelope", version },
    );
    versions.set(made.keyId, made);
  }
  let manufacturer: ManufacturerKeys = {
    manufacturerId,
    state: "active",
    region: "eu-central-1",
    salt: Buffer.alloc(32, 7),
    epoch: 1,
    newest: { envelope: 2, record: 1 },
    createdAtMs: 0,
  };
  const ring = new KeyRing({
    hierarchy,
    now,
    async readManufacturerKeys() {
      scene.reads.manufacturer += 1;
      if (scene.isTableDown) throw new Problem("unavailable");
      return manufacturer;
    },
    isErased: async () => false,
    async readVersion(_, keyId) {
      scene.reads.version += 1;
      return versions.get(keyId);
    },
    ...options,
  });
  return {
    ...scene,
    scene,
    hierarchy,
    ring,
    versions,
    seal: () => ring.sealingKey(manufacturerId, "envelope", 1),
    open: (keyId: string) => ring.openingKey({ manufacturerId, keyId, purpose: "envelope" }, 1),
    change: (changes: Partial<ManufacturerKeys>, keyId?: string, version?: Partial<KeyVersion>) => {
      manufacturer = { ...manufacturer, epoch: manufacturer.epoch + 1, ...changes };
      const old = keyId === undefined ? undefined : versions.get(keyId);
      if (old && keyId) versions.set(keyId, { ...old, ...version });
    },
  };
}

describe("key ring", () => {
  it("calls nothing in the steady state but one manufacturer read every 30 seconds", async () => {
    const { hierarchy, open, scene, seal } = await createScene();
    await seal();
    await open("envelope#000001");
    expect(scene.reads).toEqual({ manufacturer: 1, version: 2 });
    for (scene.nowMs = 0; scene.nowMs < 240_000; scene.nowMs += 1000) {
      await seal();
      await open("envelope#000001");
    }
    expect(scene.reads).toEqual({ manufacturer: 8, version: 2 });
    expect(hierarchy.calls.unwrap).toBe(2);
  });

  it("seals with the newest version and opens with the one that is named", async () => {
    const { open, seal } = await createScene();
    expect((await seal()).keyId).toBe("envelope#000002");
    const old = await open("envelope#000001");
    expect(old.keyId).toBe("envelope#000001");
    expect(old.pseudorandomKey.equals((await seal()).pseudorandomKey)).toBe(false);
  });

  it("stops opening with a revoked version within 30 seconds, however often it is in use", async () => {
    const { change, open, scene } = await createScene();
    await open("envelope#000001");
    change({}, "envelope#000001", { state: "revoked" });
    scene.nowMs = 29_999;
    expect(await problemCodeOf(open("envelope#000001"))).toBe("none");
    scene.nowMs = 30_000;
    expect(await problemCodeOf(open("envelope#000001"))).toBe("key-revoked");
    expect(await problemCodeOf(open("envelope#000002"))).toBe("none");
  });

  it("does not revive a revoked version through a load that ends after the revocation was seen", async () => {
    const hasRead = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const base = await createScene();
    let isHeld = true;
    const ring = new KeyRing({
      hierarchy: base.hierarchy,
      now: () => base.scene.nowMs,
      readManufacturerKeys: async () => ({
        manufacturerId,
        state: "active",
        region: "eu-central-1",
        salt: Buffer.alloc(32, 7),
        epoch: base.scene.nowMs < 30_000 ? 1 : 2,
        newest: { envelope: 2, record: 1 },
        createdAtMs: 0,
      }),
      isErased: async () => false,
      async readVersion(_, keyId) {
        const version = base.versions.get(keyId);
        hasRead.resolve();
        if (isHeld) await gate.promise;
        return version;
      },
    });
    const request = { manufacturerId, keyId: "envelope#000001", purpose: "envelope" } as const;
    const early = ring.openingKey(request, 1);
    await hasRead.promise;
    base.change({}, "envelope#000001", { state: "revoked" });
    base.scene.nowMs = 30_000;
    isHeld = false;
    expect(await problemCodeOf(ring.openingKey(request, 1))).toBe("key-revoked");
    gate.resolve();
    await early;
    base.scene.nowMs = 36_000;
    expect(await problemCodeOf(ring.openingKey(request, 1))).toBe("key-revoked");
  });

  it("fails closed when the epoch cannot be read", async () => {
    const { open, scene, seal } = await createScene();
    await seal();
    scene.isTableDown = true;
    scene.nowMs = 29_999;
    expect(await problemCodeOf(seal())).toBe("none");
    scene.nowMs = 30_000;
    expect(await problemCodeOf(seal())).toBe("unavailable");
    expect(await problemCodeOf(open("envelope#000002"))).toBe("unavailable");
    scene.isTableDown = false;
    expect(await problemCodeOf(seal())).toBe("none");
  });

  it.each([
    ["blocked", "key-version-retired"],
    ["revoked", "key-revoked"],
    ["destroyed", "key-destroyed"],
  ] as const)("refuses a version that is %s with %s", async (state, code) => {
    const { change, open } = await createScene();
    change({}, "envelope#000001", { state });
    expect(await problemCodeOf(open("envelope#000001"))).toBe(code);
  });

  it.each([
    [{ state: "erasure-pending" }, "erasure-pending"],
    [{ state: "erasing" }, "key-destroyed"],
    [{ state: "erased" }, "key-destroyed"],
    [{ region: "us-east-1" }, "residency-violation"],
  ] as const)("neither seals nor opens for a manufacturer with %j", async (changes, code) => {
    const { change, open, scene, seal } = await createScene();
    await seal();
    change(changes);
    scene.nowMs = 30_000;
    expect(await problemCodeOf(seal())).toBe(code);
    expect(await problemCodeOf(open("envelope#000001"))).toBe(code);
  });

  it("opens blocked and revoked versions for whoever moves records off them, never destroyed ones", async () => {
    const { change, open } = await createScene({
      openableStates: ["enabled", "retiring", "blocked", "revoked"],
    });
    change({}, "envelope#000001", { state: "revoked" });
    expect(await problemCodeOf(open("envelope#000001"))).toBe("none");
    change({}, "envelope#000002", { state: "destroyed" });
    expect(await problemCodeOf(open("envelope#000002"))).toBe("key-destroyed");
  });

  it("refuses key ids that are unknown, of another purpose or no key ids", async () => {
    const { open } = await createScene();
    expect(await problemCodeOf(open("envelope#000009"))).toBe("key-version-unknown");
    expect(await problemCodeOf(open("record#000001"))).toBe("envelope-malformed");
    expect(await problemCodeOf(open("envelope#1"))).toBe("envelope-malformed");
  });

  it("refuses a wrapped key that was moved from another version or manufacturer", async () => {
    const { change, open, versions } = await createScene();
    const other = versions.get("envelope#000002");
    if (other?.wrappedKey === undefined) throw new Error("no second version");
    change({}, "envelope#000001", { wrappedKey: other.wrappedKey });
    expect(await problemCodeOf(open("envelope#000001"))).toBe("ciphertext-tampered");
  });

  it("does not ask KMS again for five seconds after it was denied", async () => {
    const { hierarchy, scene, seal } = await createScene();
    hierarchy.refusal = "kms-denied";
    expect(await problemCodeOf(seal())).toBe("kms-denied");
    scene.nowMs = 4_999;
    expect(await problemCodeOf(seal())).toBe("kms-denied");
    expect(hierarchy.calls.unwrap).toBe(1);
    hierarchy.refusal = undefined;
    scene.nowMs = 5_000;
    expect(await problemCodeOf(seal())).toBe("none");
  });
});
