import type { ReEncryptDependencies } from "../../../lib/encryption/advance-re-encrypt-job.ts";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import type { EncryptionDependencies } from "../../../lib/encryption/encrypt-manufacturer-data.ts";
import type { KeyVersion } from "../../../lib/encryption/manufacturer-keys.ts";
import type { ReEncryptJob } from "../../../lib/encryption/re-encrypt-job-store.ts";
import { reEncryptJobStore } from "../../../lib/encryption/re-encrypt-job-store.ts";
import { rotateEncryptionKey } from "../../../lib/encryption/rotate-encryption-key.ts";
import { advanceAllJobs } from "../../../lib/encryption/run-re-encrypt-jobs.ts";
import type { FieldPlace } from "../../../lib/encryption/seal-field.ts";
import { openField, sealField } from "../../../lib/encryption/seal-field.ts";
import { newId } from "../../../lib/id.ts";
import type { ServicesUnderTest } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene } from "./key-scene.ts";
import { sealedRecordsTable } from "./sealed-records-table.ts";

export interface UnderFireOptions {
  readonly rotations: number;
  readonly fenceMs?: number;
  /** Fixes every choice, so that a failure can be run again. */
  readonly seed: number;
}

export interface UnderFireReport {
  /** Records whose write was acknowledged, and how many of them open at the end to what was written. */
  readonly acknowledged: number;
  readonly intact: number;
  readonly writes: number;
  readonly reads: number;
  readonly failedReads: number;
  readonly kills: number;
  readonly versions: readonly KeyVersion[];
}

interface PendingWrite {
  readonly place: FieldPlace;
  readonly text: string;
  readonly dueMs: number;
  write(): Promise<void>;
}

const minuteMs = 60_000;
/** The longest invocation: what was sealed may be written this much later. */
const stallMs = 15 * minuteMs;
const ticksPerRotation = 4;
const environmentCount = 4;

/**
 * Writers, readers, rotations and a re-encrypt worker that is killed again and again, all on one
 * table and one clock that runs through hours. Writers stall between sealing and writing for as long
 * as an invocation can last. The grace period is zero: the fence alone stands between a late write
 * and its loss.
 */
export async function rotateUnderFire(
  services: ServicesUnderTest,
  options: UnderFireOptions,
): Promise<UnderFireReport> {
  const fire = await createFire(services, options);
  for (let tick = 1; tick <= options.rotations * ticksPerRotation; tick += 1) {
    await Promise.all([
      ...fire.flush(),
      ...Array.from({ length: 3 }, () => fire.startWrite()),
      ...Array.from({ length: 4 }, () => fire.readOne()),
      fire.work({ mayBeKilled: true }),
      ...(tick % ticksPerRotation === 0 ? [fire.rotate()] : []),
    ]);
    fire.advance(minuteMs * (1 + 2 * fire.random()));
  }
  fire.advance(stallMs);
  await Promise.all(fire.flush());
  for (let run = 0; run < 20 && (await fire.hasJobs()); run += 1) {
    await fire.work({ mayBeKilled: false });
    fire.advance(30 * minuteMs);
  }
  return fire.report();
}

async function createFire(services: ServicesUnderTest, options: UnderFireOptions) {
  const scene = createKeyScene(services);
  const { clock, createEnvironment, manufacturerId, store } = scene;
  const random = createSeededRandom(options.seed);
  const { documents, tableNames } = services;
  const records = sealedRecordsTable(documents, tableNames.identity);
  const jobs = reEncryptJobStore(documents, tableNames.keys);
  const fence = options.fenceMs === undefined ? {} : { fenceMs: options.fenceMs };
  const management = { ...scene.management, ...fence };
  await createManufacturerKeys(management, manufacturerId);
  const { readManufacturerKeys, readVersion } = store;

  const environments = Array.from({ length: environmentCount }, () => createEnvironment());
  const anyEnvironment = (): EncryptionDependencies =>
    environments[Math.floor(random() * environmentCount)] ?? createEnvironment();

  const acknowledged = new Map<string, { place: FieldPlace; text: string }>();
  const pending = new Map<string, PendingWrite>();
  const counts = { writes: 0, reads: 0, failedReads: 0, kills: 0 };

  async function opens(environment: EncryptionDependencies, place: FieldPlace, text: string) {
    const sealed = await records.read(place);
    let opened = "";
    const opening = openField(environment, place, sealed).then((bytes) => {
      opened = bytes.toString();
    });
    return (await problemCodeOf(opening)) === "none" && opened === text;
  }

  return {
    random,
    advance(ms: number) {
      clock.nowMs += ms;
    },
    rotate: () =>
      rotateEncryptionKey(management, {
        manufacturerId,
        // A session each, so that no budget ends the test.
        sessionId: newId("session"),
        purpose: "record",
      }),

    hasJobs: async () => (await jobs.list()).jobs.length > 0,

    async startWrite() {
      // One of two writes makes a record, the other writes over one.
      const name = `FACTOR#${Math.floor(random() < 1 / 2 ? counts.writes : random() * counts.writes)}`;
      const place = { manufacturerId, pk: `MEM#${manufacturerId}`, sk: name, attribute: "secret" };
      const text = `value ${counts.writes}`;
      // Most writes are stored at once, some as late as an invocation can be.
      const stalledMs = random() < 0.25 ? stallMs * (0.9 + 0.1 * random()) - 1 : 0;
      const dueMs = clock.nowMs + stalledMs;
      if (pending.has(name)) return;
      counts.writes += 1;
      const sealing = sealField(anyEnvironment(), place, Buffer.from(text));
      pending.set(name, {
        place,
        text,
        dueMs,
        write: async () => records.put(place, await sealing),
      });
      await sealing;
    },

    /** Writes that are due; each counts as acknowledged once it is stored. */
    flush() {
      const due = [...pending].filter(([, { dueMs }]) => dueMs <= clock.nowMs);
      return due.map(async ([name, { place, text, write }]) => {
        acknowledged.delete(name);
        await write();
        acknowledged.set(name, { place, text });
        pending.delete(name);
      });
    },

    async readOne() {
      const [, known] = [...acknowledged][Math.floor(random() * acknowledged.size)] ?? [];
      if (known === undefined) return;
      counts.reads += 1;
      if (!(await opens(anyEnvironment(), known.place, known.text))) counts.failedReads += 1;
    },

    async work({ mayBeKilled }: { mayBeKilled: boolean }) {
      const worker: ReEncryptDependencies = {
        ...createEnvironment({ openableStates: ["enabled", "retiring", "blocked", "revoked"] }),
        jobs,
        fields: records,
        readManufacturerKeys,
        readVersion,
        graceMs: 0,
        ...fence,
      };
      const isKilled = mayBeKilled && random() < 0.4;
      const life = isKilled ? killAfter(worker, Math.floor(random() * 12)) : worker;
      const { failures } = await advanceAllJobs(life, Number.POSITIVE_INFINITY);
      const strange = failures.filter(({ error }) => !(error instanceof Killed));
      if (strange.length > 0 && fence.fenceMs !== 0) throw strange[0]?.error;
      counts.kills += failures.length > strange.length ? 1 : 0;
    },

    async report(): Promise<UnderFireReport> {
      const reader = createEnvironment();
      let intact = 0;
      for (const { place, text } of acknowledged.values()) {
        if (await opens(reader, place, text)) intact += 1;
      }
      const versions = await store.listVersions(manufacturerId);
      return { acknowledged: acknowledged.size, intact, ...counts, versions };
    },
  };
}

class Killed extends Error {}

/** A worker whose process ends after so many more writes: half of a page, or before its progress. */
function killAfter(worker: ReEncryptDependencies, writes: number): ReEncryptDependencies {
  let left = writes;
  const spend = (): void => {
    if (left === 0) throw new Killed();
    left -= 1;
  };
  const { fields, jobs } = worker;
  return {
    ...worker,
    fields: {
      list: fields.list,
      async replace(field, next) {
        spend();
        return fields.replace(field, next);
      },
    },
    jobs: Object.assign({}, jobs, {
      async save(job: ReEncryptJob) {
        spend();
        return jobs.save(job);
      },
    }),
  };
}

/** Mulberry32: a small generator, so that every choice of a run follows from its seed. */
function createSeededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
