import { describe, expect, it } from "vitest";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import type { KeyHierarchy } from "../../../lib/encryption/key-hierarchy.ts";
import type { KeyPurpose } from "../../../lib/encryption/key-id.ts";
import { formatKeyId } from "../../../lib/encryption/key-id.ts";
import { revokeKeyVersion } from "../../../lib/encryption/revoke-key-version.ts";
import { rotateEncryptionKey } from "../../../lib/encryption/rotate-encryption-key.ts";
import { rotationCost, rotationsPerDay } from "../../../lib/encryption/rotation-budget.ts";
import type { KeyStore } from "../../../lib/encryption/store.ts";
import type { Problem } from "../../../lib/problem.ts";
import { barrier, race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene, sessionId } from "./key-scene.ts";

const services = useServices();
const purpose = "envelope";
const { ofManufacturer, ofSession } = rotationsPerDay;
const otherSessionId = "ses_another";

/** A manufacturer that has so many rotations left today, and a count of what KMS was asked for. */
async function createScene(left: number) {
  const scene = createKeyScene(services);
  const { manufacturerId } = scene;
  await createManufacturerKeys(scene.management, manufacturerId);
  let generated = 0;
  const hierarchy: KeyHierarchy = {
    ...scene.hierarchy,
    generate(identity) {
      generated += 1;
      return scene.hierarchy.generate(identity);
    },
  };
  const management = { ...scene.management, hierarchy };
  const rotate = (of: KeyPurpose = purpose) =>
    rotateEncryptionKey(management, { manufacturerId, sessionId, purpose: of });
  for (let done = left; done < ofManufacturer; done += 1) await rotate();
  return { ...scene, management, rotate, generated: () => generated };
}

/** Lets a store's rotations be written only once two of them are about to be. */
const together = (store: KeyStore): KeyStore => {
  const bothAreThere = barrier(2);
  return Object.assign({}, store, {
    async rotate(...rotation: Parameters<KeyStore["rotate"]>) {
      await bothAreThere();
      return store.rotate(...rotation);
    },
  });
};

/** As a store that reads the count before, and does not write it in the same transaction. */
const unconditional = (store: KeyStore): KeyStore =>
  Object.assign({}, store, {
    rotate: (rotation: Parameters<KeyStore["rotate"]>[0], audit: []) => {
      const budget = { ...rotation.budget, max: Number.MAX_SAFE_INTEGER };
      return store.rotate({ ...rotation, budget }, audit);
    },
  });

describe("rotations of a day", () => {
  it("end when the session's own are used up too, for both series together, without a call to KMS", async () => {
    const scene = await createScene(rotationCost.record);
    for (const keyId of ["record#000002", "record#000003"]) {
      expect((await scene.rotate("record")).keyId).toBe(keyId);
    }
    const before = scene.generated();
    const refused = await scene.rotate().catch((problem: Problem) => problem);
    expect(refused).toMatchObject({ code: "too-many-rotations", status: 429 });
    expect((refused as Problem).headers["retry-after"]).toBe("86400");
    expect(await problemCodeOf(scene.rotate("record"))).toBe("too-many-rotations");
    expect(scene.generated()).toBe(before);
  });

  it("are there again the next day", async () => {
    const { clock, rotate } = await createScene(-ofSession);
    clock.nowMs += 24 * 3_600_000 - 1;
    const refused = await rotate().catch((problem: Problem) => problem);
    expect((refused as Problem).headers["retry-after"]).toBe("1");
    clock.nowMs += 1;
    expect((await rotate()).version).toBe(ofManufacturer + ofSession + 2);
  });

  it("are not spent by a request that another one has already fulfilled", async () => {
    const { management, manufacturerId, rotate } = await createScene(1);
    const again = { manufacturerId, sessionId, purpose, version: 1 } as const;
    for (let count = 0; count < 3; count += 1) await rotateEncryptionKey(management, again);
    expect((await rotate()).version).toBe(ofManufacturer + 1);
    expect((await rotate("record")).version).toBe(2);
  });

  it("that one session has used up keep no other from rotating either series, nor from withdrawing the newest version", async () => {
    const { management, manufacturerId, rotate } = await createScene(-ofSession);
    const newest = ofManufacturer + ofSession + 1;
    const revokeIn = (session: string, version: number) =>
      revokeKeyVersion(management, { manufacturerId, sessionId: session, purpose, version });
    expect(await problemCodeOf(rotate())).toBe("too-many-rotations");
    expect(await problemCodeOf(revokeIn(sessionId, newest))).toBe("too-many-rotations");
    expect((await revokeIn(sessionId, 1)).keyId).toBe(formatKeyId(purpose, 1));
    expect((await revokeIn(otherSessionId, newest)).keyId).toBe(formatKeyId(purpose, newest));
    const request = { manufacturerId, sessionId: "ses_third", purpose: "record" } as const;
    expect((await rotateEncryptionKey(management, request)).version).toBe(2);
  });
});

describe("two rotations that fit into what a session has left one by one, but not together", () => {
  const rotateBoth = (scene: Awaited<ReturnType<typeof createScene>>, store: KeyStore) => {
    const management = { ...scene.management, store: together(store) };
    return race(2, (index) =>
      rotateEncryptionKey(management, {
        manufacturerId: scene.manufacturerId,
        sessionId,
        purpose: index === 0 ? "envelope" : "record",
      }),
    );
  };

  it("make one version", async () => {
    const scene = await createScene(0);
    const { fulfilled, rejected } = await rotateBoth(scene, scene.store);
    expect(fulfilled).toHaveLength(1);
    expect(rejected).toEqual([expect.objectContaining({ code: "too-many-rotations" })]);
  });

  it("negative control: counted before and not in the transaction, they make two", async () => {
    const scene = await createScene(0);
    const { fulfilled } = await rotateBoth(scene, unconditional(scene.store));
    expect(fulfilled).toHaveLength(2);
  });
});

describe("two rotations that fit into the manufacturer's day one by one, but not together", () => {
  it("are both made where the session has some of its own", async () => {
    const scene = await createScene(rotationCost.record);
    const firstTogether = together(scene.store);
    const { fulfilled } = await race(2, (index) =>
      rotateEncryptionKey(
        { ...scene.management, store: firstTogether },
        {
          manufacturerId: scene.manufacturerId,
          sessionId: `ses_${index}`,
          purpose: index === 0 ? "envelope" : "record",
        },
      ),
    );
    expect(fulfilled).toHaveLength(2);
  });
});
