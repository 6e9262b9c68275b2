import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { verificationKeys } from "../../../lib/auth/key-ring.ts";
import type { PlatformKeyStore, SigningKeyItem } from "../../../lib/auth/platform-key-store.ts";

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = (keyId: string): SigningKeyItem => ({
  keyId,
  publicJwk: publicKey.export({ format: "jwk" }),
  wrappedPrivateKey: new Uint8Array(),
  createdAtMs: 0,
  activeFromMs: 0,
});

function ringOf(...keyIds: string[]) {
  const scene = { stored: keyIds.map(key), reads: 0, nowMs: 1_764_000_000_000 };
  const store = {
    listSigningKeys: async () => {
      scene.reads++;
      return scene.stored;
    },
  } as unknown as PlatformKeyStore;
  return Object.assign(scene, { ring: verificationKeys(store, () => scene.nowMs) });
}

describe("the keys that verify tokens", () => {
  it("hold one that was made after they were read", async () => {
    const scene = ringOf("key_1");
    await scene.ring.find("key_1");
    scene.stored.push(key("key_2"));
    expect(await scene.ring.find("key_2")).toBeDefined();
    expect(scene.reads).toBe(2);
  });

  it("lose a withdrawn one with the first token of its successor", async () => {
    const scene = ringOf("key_1");
    expect(await scene.ring.find("key_1")).toBeDefined();
    scene.stored = [key("key_2")];
    await scene.ring.find("key_2");
    expect(await scene.ring.find("key_1")).toBeUndefined();
  });

  it("lose a withdrawn one after a minute, whoever calls", async () => {
    const scene = ringOf("key_1");
    await scene.ring.find("key_1");
    scene.stored = [key("key_2")];
    scene.nowMs += 60_000;
    expect(await scene.ring.find("key_1")).toBeUndefined();
  });

  it("are read again for made-up ids once in five seconds, however many there are", async () => {
    const scene = ringOf("key_1");
    await scene.ring.find("key_1");
    const guess = () =>
      Promise.all(Array.from({ length: 200 }, (_, index) => scene.ring.find(`key_no_${index}`)));
    await guess();
    await guess();
    expect(scene.reads).toBe(2);
    scene.nowMs += 5000;
    await guess();
    expect(scene.reads).toBe(3);
  });

  it("answer all who ask for a new one at once, with one read", async () => {
    const scene = ringOf("key_1");
    await scene.ring.find("key_1");
    scene.stored.push(key("key_2"));
    const found = await Promise.all(Array.from({ length: 50 }, () => scene.ring.find("key_2")));
    expect(found.every((publicKey) => publicKey !== undefined)).toBe(true);
    expect(scene.reads).toBe(2);
  });
});
