import { describe, expect, it } from "vitest";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import type { Envelope } from "../../../lib/encryption/envelope.ts";
import { listKeyVersions } from "../../../lib/encryption/list-key-versions.ts";
import { reEncryptManufacturerData } from "../../../lib/encryption/re-encrypt-manufacturer-data.ts";
import type { RevocationRequest } from "../../../lib/encryption/revoke-key-version.ts";
import { revokeKeyVersion } from "../../../lib/encryption/revoke-key-version.ts";
import { rotateEncryptionKey } from "../../../lib/encryption/rotate-encryption-key.ts";
import {
  openData as decryptManufacturerData,
  sealData as encryptManufacturerData,
} from "../../support/json-data.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene, sessionId } from "./key-scene.ts";

const services = useServices();
const dayMs = 86_400_000;

/** A manufacturer with three environments that have its envelope key in memory. */
async function createScene() {
  const scene = createKeyScene(services);
  const { manufacturerId } = scene;
  const environments = [0, 1, 2].map(() => scene.createEnvironment());
  const seal = (data: number) =>
    Promise.all(environments.map((one) => encryptManufacturerData(one, { manufacturerId, data })));
  const openEverywhere = (envelope: Envelope) =>
    Promise.all(
      environments.map((one) =>
        problemCodeOf(decryptManufacturerData(one, { manufacturerId, envelope })),
      ),
    );
  const request = { manufacturerId, sessionId, purpose: "envelope", version: 1 } as const;
  return {
    ...scene,
    environments,
    seal,
    openEverywhere,
    before: await seal(0),
    rotate: () => rotateEncryptionKey(scene.management, { ...request, version: 1 }),
    revoke: (how: Partial<RevocationRequest> = {}) =>
      revokeKeyVersion(scene.management, { ...request, ...how }),
    states: async () =>
      Object.fromEntries(
        (await listKeyVersions(scene, manufacturerId)).map(({ keyId, state }) => [keyId, state]),
      ),
  };
}

const none = ["none", "none", "none"];
const revoked = ["key-revoked", "key-revoked", "key-revoked"];

describe("revoking the version that seals", () => {
  it("keeps what three warm environments answered after it: it opens and moves, then and later", async () => {
    const { clock, environments, manufacturerId, openEverywhere, revoke, seal } =
      await createScene();
    clock.nowMs += 1_000;
    await revoke();
    const acknowledged: Envelope[] = [];
    for (let second = 0; second <= 40; second += 5) {
      acknowledged.push(...(await seal(second)));
      clock.nowMs += 5_000;
    }
    // Some environments went on with the old version, and all of them stopped within 30 s.
    expect(acknowledged[0]?.keyId).toBe("envelope#000001");
    expect(acknowledged.slice(-6).map(({ keyId }) => keyId)).toEqual(
      Array(6).fill("envelope#000002"),
    );
    clock.nowMs += 30 * dayMs;
    for (const envelope of acknowledged) {
      expect(await openEverywhere(envelope)).toEqual(none);
      for (const one of environments) {
        const moved = await reEncryptManufacturerData(one, { manufacturerId, envelope });
        expect(moved.keyId).toBe("envelope#000002");
      }
    }
  });

  it("withdraws what was sealed before it: that opens until effectiveAt, and is refused from then on", async () => {
    const { before, clock, openEverywhere, revoke, states } = await createScene();
    const [envelope] = before;
    if (envelope === undefined) throw new Error("nothing sealed");
    clock.nowMs += 60_000;
    expect(await openEverywhere(envelope)).toEqual(none);
    const { effectiveAtMs = 0 } = await revoke();
    expect(effectiveAtMs).toBe(clock.nowMs + 30_000);
    clock.nowMs = effectiveAtMs - 1;
    expect(await openEverywhere(envelope)).toEqual(none);
    expect(await states()).toMatchObject({ "envelope#000001": "revoking" });
    clock.nowMs = effectiveAtMs;
    expect(await openEverywhere(envelope)).toEqual(revoked);
    expect(await states()).toEqual({
      "envelope#000001": "revoked",
      "envelope#000002": "enabled",
      "record#000001": "enabled",
    });
  });

  it("opens for as long as the caller asks, so that everything can be moved first", async () => {
    const { before, clock, openEverywhere, revoke } = await createScene();
    const [envelope] = before;
    if (envelope === undefined) throw new Error("nothing sealed");
    clock.nowMs += 60_000;
    await revoke({ graceMs: 7 * dayMs });
    clock.nowMs += 7 * dayMs - 1;
    expect(await openEverywhere(envelope)).toEqual(none);
    clock.nowMs += 1;
    expect(await openEverywhere(envelope)).toEqual(revoked);
  });

  it("does not believe an envelope that says it was sealed late", async () => {
    const { before, clock, environments, manufacturerId, revoke } = await createScene();
    const [envelope] = before;
    const [opener] = environments;
    if (!envelope || !opener) throw new Error("nothing sealed");
    clock.nowMs += 60_000;
    const { retiredAtMs = 0 } = await revoke();
    clock.nowMs += dayMs;
    const relabelled = { ...envelope, timestamp: new Date(retiredAtMs + 1_000).toISOString() };
    expect(
      await problemCodeOf(
        decryptManufacturerData(opener, { manufacturerId, envelope: relabelled }),
      ),
    ).toBe("commitment-mismatch");
  });

  it("fails no write in an environment that has lost the old key from memory but not its number", async () => {
    const { clock, environments, manufacturerId, revoke } = await createScene();
    const [first] = environments;
    if (first === undefined) throw new Error("no environment");
    clock.nowMs += 5 * 60_000;
    // The number of the newest version is read anew; the other purpose's key is what is in memory.
    await problemCodeOf(
      first.keyRing.openingKey({ manufacturerId, keyId: "record#000001", purpose: "record" }, 1),
    );
    await revoke();
    const { keyId } = await encryptManufacturerData(first, { manufacturerId, data: 1 });
    expect(keyId).toBe("envelope#000002");
  });
});

describe("revoking a version that was replaced before", () => {
  it("leaves nothing open: no environment can still be sealing with it", async () => {
    const { clock, openEverywhere, revoke, rotate, seal } = await createScene();
    await rotate();
    const [late] = await seal(1);
    if (late === undefined) throw new Error("nothing sealed");
    expect(late.keyId).toBe("envelope#000001");
    clock.nowMs += 60_000;
    const { lateSealsUntilMs } = await revoke();
    expect(lateSealsUntilMs).toBeUndefined();
    clock.nowMs += 30_000;
    expect(await openEverywhere(late)).toEqual(revoked);
  });
});

describe("revoking by force", () => {
  it("closes everything within 30 s, even what environments sealed after it", async () => {
    const { clock, openEverywhere, revoke, seal } = await createScene();
    const { effectiveAtMs, state } = await revoke({ force: true });
    expect([state, effectiveAtMs]).toEqual(["revoked", clock.nowMs + 30_000]);
    const [late] = await seal(1);
    if (late === undefined) throw new Error("nothing sealed");
    clock.nowMs += 30_000;
    expect(await openEverywhere(late)).toEqual(revoked);
  });

  it("after an orderly revocation closes what that one left open", async () => {
    const { clock, openEverywhere, revoke, seal } = await createScene();
    await revoke();
    const [late] = await seal(1);
    if (late === undefined) throw new Error("nothing sealed");
    clock.nowMs += dayMs;
    expect(await openEverywhere(late)).toEqual(none);
    await revoke({ force: true });
    clock.nowMs += 30_000;
    expect(await openEverywhere(late)).toEqual(revoked);
  });
});

describe("revoking again", () => {
  it("gives the first answer, and refuses what does not exist", async () => {
    const { clock, revoke } = await createScene();
    const first = await revoke();
    clock.nowMs += 60_000;
    expect(await revoke()).toMatchObject(first);
    expect(await problemCodeOf(revoke({ version: 9 }))).toBe("key-version-unknown");
  });

  it("leaves one new version behind when several ask for it at once", async () => {
    const { revoke, states } = await createScene();
    const answers = await Promise.all(Array.from({ length: 5 }, () => revoke()));
    expect(new Set(answers.map(({ revokedAtMs }) => revokedAtMs)).size).toBe(1);
    expect(await states()).toEqual({
      "envelope#000001": "revoking",
      "envelope#000002": "enabled",
      "record#000001": "enabled",
    });
  });
});

describe("revoking a record version", () => {
  it("is refused while records may need it, and makes no new one", async () => {
    const scene = createKeyScene(services);
    const { management, manufacturerId } = scene;
    const purpose = "record";
    const revoke = () =>
      revokeKeyVersion(management, { manufacturerId, sessionId, purpose, version: 1 });
    await createManufacturerKeys(management, manufacturerId);
    expect(await problemCodeOf(revoke())).toBe("key-version-in-use");
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    expect(await problemCodeOf(revoke())).toBe("key-version-in-use");
    expect(
      (await listKeyVersions(scene, manufacturerId)).map(({ keyId, state }) => [keyId, state]),
    ).toEqual([
      ["envelope#000001", "enabled"],
      ["record#000001", "retiring"],
      ["record#000002", "enabled"],
    ]);
  });
});
