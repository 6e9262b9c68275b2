import { describe, expect, it } from "vitest";
import type { ReEncryptDependencies } from "../../../lib/encryption/advance-re-encrypt-job.ts";
import { advanceReEncryptJob, graceMs } from "../../../lib/encryption/advance-re-encrypt-job.ts";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import {
  scheduleErasure,
  shredManufacturerKeys,
} from "../../../lib/encryption/erase-manufacturer.ts";
import { epochCheckMs } from "../../../lib/encryption/key-ring.ts";
import type { ReEncryptJob } from "../../../lib/encryption/re-encrypt-job-store.ts";
import { reEncryptJobStore } from "../../../lib/encryption/re-encrypt-job-store.ts";
import { revokeKeyVersion } from "../../../lib/encryption/revoke-key-version.ts";
import { fenceMs, rotateEncryptionKey } from "../../../lib/encryption/rotate-encryption-key.ts";
import { advanceAllJobs } from "../../../lib/encryption/run-re-encrypt-jobs.ts";
import { openField, sealField } from "../../../lib/encryption/seal-field.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene, sessionId } from "./key-scene.ts";
import { sealedRecordsTable } from "./sealed-records-table.ts";

const services = useServices();
const purpose = "record";
const oldKeyId = "record#000001";

/** A manufacturer with three sealed records under its first version, and a worker. */
async function createJobScene() {
  const scene = createKeyScene(services);
  const { createEnvironment, manufacturerId, now, store } = scene;
  await createManufacturerKeys(scene.management, manufacturerId);
  const { documents, tableNames } = services;
  const records = sealedRecordsTable(documents, tableNames.identity);
  const jobs = reEncryptJobStore(documents, tableNames.keys);
  const environment = createEnvironment();
  const placeOf = (name: string) => ({
    manufacturerId,
    pk: `MEM#${manufacturerId}`,
    sk: `FACTOR#${name}`,
    attribute: "secret",
  });
  const seal = (name: string) => sealField(environment, placeOf(name), Buffer.from(name));
  for (const name of ["a", "b", "c"]) await records.put(placeOf(name), await seal(name));
  const worker = (): ReEncryptDependencies => ({
    ...createEnvironment({ openableStates: ["enabled", "retiring", "blocked", "revoked"] }),
    now,
    jobs,
    fields: records,
    readManufacturerKeys: store.readManufacturerKeys,
    readVersion: store.readVersion,
  });
  return {
    ...scene,
    records,
    jobs,
    placeOf,
    seal,
    worker,
    /** One scheduled run, over the jobs of these manufacturers: this file's tests share one table. */
    work: (manufacturers = [manufacturerId]) => {
      const list = async (cursor?: Record<string, unknown>) => {
        const page = await jobs.list(cursor);
        return {
          ...page,
          jobs: page.jobs.filter((job) => manufacturers.includes(job.manufacturerId)),
        };
      };
      const dependencies = { ...worker(), jobs: Object.assign({}, jobs, { list }) };
      return advanceAllJobs(dependencies, Number.POSITIVE_INFINITY);
    },
    state: async () => (await store.readVersion(manufacturerId, oldKeyId))?.state,
    job: () => jobs.read(manufacturerId, oldKeyId),
    open: async (name: string) => {
      const bytes = await openField(
        createEnvironment(),
        placeOf(name),
        await records.read(placeOf(name)),
      );
      return bytes.toString();
    },
    keyIdOf: async (name: string) =>
      ((await records.read(placeOf(name))) as { keyId: string }).keyId,
  };
}

const hourMs = 60 * 60_000;

describe("re-encrypt job", () => {
  it("moves records at once, but trusts no empty pass that began before the fence", async () => {
    const { clock, job, keyIdOf, management, manufacturerId, open, state, work } =
      await createJobScene();
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    await work();
    expect(await Promise.all(["a", "b", "c"].map(keyIdOf))).toEqual(Array(3).fill("record#000002"));
    expect(await Promise.all(["a", "b", "c"].map(open))).toEqual(["a", "b", "c"]);
    expect(await job()).toMatchObject({ migrated: 3, emptyPasses: 0 });
    clock.nowMs += fenceMs;
    await work();
    expect(await job()).toMatchObject({ emptyPasses: 0 });
    expect(await state()).toBe("retiring");
    clock.nowMs += 1;
    await work();
    expect(await state()).toBe("blocked");
  });

  it("waits while its worker has not seen the newer version, and moves records once it has", async () => {
    const { clock, job, keyIdOf, management, manufacturerId, placeOf, worker } =
      await createJobScene();
    const early = worker();
    await sealField(early, placeOf("early"), Buffer.from("early"));
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    const advance = async () => advanceReEncryptJob(early, (await job()) as ReEncryptJob);
    expect(await advance()).toBe("waiting");
    expect(await job()).toMatchObject({ migrated: 0 });
    clock.nowMs += epochCheckMs + 1;
    expect(await advance()).toBe("moved");
    expect(await Promise.all(["a", "b", "c"].map(keyIdOf))).toEqual(Array(3).fill("record#000002"));
  });

  it("keeps the key of an emptied version for its grace, then destroys it and is done", async () => {
    const { clock, job, management, manufacturerId, open, state, store, work } =
      await createJobScene();
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    await work();
    clock.nowMs += fenceMs + 1;
    await work();
    expect(await state()).toBe("blocked");
    clock.nowMs += graceMs - 1;
    await work();
    expect(await state()).toBe("blocked");
    clock.nowMs += hourMs;
    await work();
    expect(await state()).toBe("destroyed");
    expect(await store.readVersion(manufacturerId, oldKeyId)).not.toHaveProperty("wrappedKey");
    expect(await job()).toBeUndefined();
    expect(await open("a")).toBe("a");
  });

  it("gives a blocked version back within an hour when a record turns up under it, and moves the record", async () => {
    const scene = await createJobScene();
    const { clock, keyIdOf, management, manufacturerId, open, placeOf, records, state, work } =
      scene;
    const late = await scene.seal("late");
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    await work();
    clock.nowMs += fenceMs + 1;
    await work();
    expect(await state()).toBe("blocked");
    await records.put(placeOf("late"), late);
    expect(await problemCodeOf(open("late"))).toBe("key-version-retired");
    clock.nowMs += hourMs;
    await work();
    expect(await open("late")).toBe("late");
    expect(await keyIdOf("late")).toBe("record#000002");
    expect(await state()).toBe("retiring");
    clock.nowMs += fenceMs + 1;
    await work();
    expect(await state()).toBe("blocked");
  });

  it("lets a version be revoked once no record needs it: until then every record opens", async () => {
    const { clock, keyIdOf, management, manufacturerId, open, state, work } =
      await createJobScene();
    const revoke = () =>
      revokeKeyVersion(management, { manufacturerId, sessionId, purpose, version: 1 });
    const openAll = () => Promise.all(["a", "b", "c"].map(open));
    expect(await problemCodeOf(revoke())).toBe("key-version-in-use");
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    expect(await problemCodeOf(revoke())).toBe("key-version-in-use");
    expect(await openAll()).toEqual(["a", "b", "c"]);
    await work();
    expect(await keyIdOf("a")).toBe("record#000002");
    clock.nowMs += fenceMs + 1;
    await work();
    expect(await state()).toBe("blocked");
    await revoke();
    expect(await state()).toBe("revoked");
    expect(await openAll()).toEqual(["a", "b", "c"]);
    clock.nowMs += graceMs + 1;
    await work();
    expect(await state()).toBe("destroyed");
  });

  it("moves a record that turns up under a revoked version, which opens for nobody else", async () => {
    const {
      clock,
      keyIdOf,
      management,
      manufacturerId,
      open,
      placeOf,
      records,
      seal,
      state,
      work,
    } = await createJobScene();
    const late = await seal("late");
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    await work();
    clock.nowMs += fenceMs + 1;
    await work();
    await revokeKeyVersion(management, { manufacturerId, sessionId, purpose, version: 1 });
    await records.put(placeOf("late"), late);
    expect(await problemCodeOf(open("late"))).toBe("key-revoked");
    clock.nowMs += hourMs;
    await work();
    expect(await open("late")).toBe("late");
    expect(await keyIdOf("late")).toBe("record#000002");
    expect(await state()).toBe("revoked");
  });

  it("loses nothing and destroys nothing early when several workers run it at once", async () => {
    const scene = await createJobScene();
    const { clock, job, management, manufacturerId, open, state } = scene;
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    const runTogether = () => Promise.all([scene.work(), scene.work(), scene.work()]);
    const runs = await runTogether();
    expect(runs.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await Promise.all(["a", "b", "c"].map(open))).toEqual(["a", "b", "c"]);
    clock.nowMs += fenceMs + 1;
    await runTogether();
    clock.nowMs += fenceMs + 1;
    await runTogether();
    expect(await state()).toBe("blocked");
    clock.nowMs += graceMs + 1;
    await runTogether();
    expect(await state()).toBe("destroyed");
    expect(await job()).toBeUndefined();
  });

  it("waits while an erasure can be cancelled, and ends with the manufacturer", async () => {
    const { clock, erasing, job, keyIdOf, management, manufacturerId, work } =
      await createJobScene();
    await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    const { eraseAfterMs } = await scheduleErasure(erasing, manufacturerId);
    await work();
    expect(await keyIdOf("a")).toBe(oldKeyId);
    expect(await job()).toBeDefined();
    clock.nowMs = eraseAfterMs;
    await shredManufacturerKeys(erasing, manufacturerId);
    await work();
    expect(await job()).toBeUndefined();
  });

  it("is not held up by the failure of another manufacturer's", async () => {
    const broken = await createJobScene();
    const healthy = await createJobScene();
    for (const { management, manufacturerId } of [broken, healthy]) {
      await rotateEncryptionKey(management, { manufacturerId, sessionId, purpose });
    }
    const { placeOf, records } = broken;
    const sealed = await broken.seal("a");
    await records.put(placeOf("a"), {
      ...sealed,
      tag: (await broken.seal("a")).tag,
      keyId: oldKeyId,
    });
    const { failures } = await healthy.work([broken.manufacturerId, healthy.manufacturerId]);
    expect(failures.map(({ job }) => job.manufacturerId)).toEqual([broken.manufacturerId]);
    expect(await healthy.keyIdOf("a")).toBe("record#000002");
  });
});
