import { describe, expect, it } from "vitest";
import type { RecordFailure } from "../../../lib/audit/record.ts";
import { budgetRefusals } from "../../../lib/encryption/refusal-budget.ts";

const hourMs = 3_600_000;

type Failure = Parameters<RecordFailure>[0];

function createBudget() {
  const records: Failure[] = [];
  const record = budgetRefusals(async (entry) => {
    records.push(entry);
  });
  const refuse = async (times: number, overrides: Partial<Failure> = {}) => {
    for (let n = 0; n < times; n += 1) {
      await record({ ...failure, ...overrides });
    }
  };
  return { records, refuse };
}

const failure = {
  manufacturerId: "mfr_first",
  actorId: "mem_first",
  action: "encryption.envelope.refused",
  requestId: "request",
  timeMs: 100 * hourMs,
  details: { code: "ciphertext-tampered" },
} as unknown as Failure;

describe("refusals of one member for one reason", () => {
  it("have a record each up to twenty in an hour", async () => {
    const { records, refuse } = createBudget();
    await refuse(20);
    expect(records).toEqual(Array.from({ length: 20 }, () => failure));
  });

  it("are 26 records for 2,000 of them, which say how many there were", async () => {
    const { records, refuse } = createBudget();
    await refuse(2_000);
    expect(records.slice(20).map(({ details }) => details)).toEqual(
      [40, 80, 160, 320, 640, 1_280].map((refusals) => ({ code: "ciphertext-tampered", refusals })),
    );
  });

  it("have twenty records again in the next hour", async () => {
    const { records, refuse } = createBudget();
    await refuse(39);
    await refuse(39, { timeMs: 101 * hourMs });
    expect(records).toHaveLength(40);
  });

  it.each([
    { actorId: "mem_second" },
    { manufacturerId: "mfr_second" },
    { details: { code: "tenant-mismatch" } },
  ])("take nothing from those with %j", async (other) => {
    const { records, refuse } = createBudget();
    await refuse(39);
    await refuse(1, other);
    expect(records.at(-1)).toEqual({ ...failure, ...other });
  });
});
