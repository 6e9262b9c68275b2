import { expect, it } from "vitest";
import type { ReEncryptDependencies } from "../../../lib/encryption/advance-re-encrypt-job.ts";
import type { ReEncryptJob } from "../../../lib/encryption/re-encrypt-job-store.ts";
import { advanceAllJobs } from "../../../lib/encryption/run-re-encrypt-jobs.ts";

const jobOf = (manufacturerId: string): ReEncryptJob => ({
  manufacturerId,
  keyId: "record#000001",
  fenceUntilMs: 0,
  revision: 0,
  found: 0,
  migrated: 0,
  emptyPasses: 0,
});

it("a manufacturer with very many members does not keep the others' turn from coming", async () => {
  const clock = { nowMs: 1 };
  const stored = new Map(
    ["mfr_1_huge", "mfr_2_small"].map((manufacturerId) => [manufacturerId, jobOf(manufacturerId)]),
  );
  const listed: string[] = [];
  const dependencies = {
    now: () => clock.nowMs,
    readManufacturerKeys: async () => ({ state: "active" }),
    fields: {
      // Each page takes a minute, and one manufacturer's pages have no end.
      async list({ manufacturerId }: { manufacturerId: string }) {
        clock.nowMs += 60_000;
        listed.push(manufacturerId);
        return manufacturerId === "mfr_1_huge"
          ? { fields: [], nextCursor: "more" }
          : { fields: [] };
      },
    },
    jobs: {
      list: async () => ({ jobs: [...stored.values()] }),
      read: async (manufacturerId: string) => stored.get(manufacturerId),
      async save(job: ReEncryptJob) {
        stored.set(job.manufacturerId, job);
        return true;
      },
      unblock: async () => ({ committed: true }),
    },
  } as unknown as ReEncryptDependencies;
  await advanceAllJobs(dependencies, clock.nowMs + 200_000);
  expect(listed.slice(0, 2)).toEqual(["mfr_1_huge", "mfr_2_small"]);
});
