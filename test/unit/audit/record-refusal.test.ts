import { expect, test, vi } from "vitest";
import type { AuditEntry } from "../../../lib/audit/record.ts";
import type { Refusal } from "../../../lib/audit/record-refusal.ts";
import { refusalBudget } from "../../../lib/audit/record-refusal.ts";

const hour = 3_600_000;

const refusal = (overrides: Partial<Refusal> = {}): Refusal => ({
  manufacturerId: "mfr_1",
  actorId: "mem_1",
  operation: "rotateEncryptionKey",
  code: "forbidden",
  permission: "encryption:rotate",
  origin: { requestId: "req-1", actorKind: "member", sourceAddress: "192.0.2.1" },
  ...overrides,
});

function createTrail() {
  const clock = { nowMs: Date.UTC(2026, 10, 25) };
  const records: Omit<AuditEntry, "outcome">[] = [];
  const lost: [Refusal, unknown][] = [];
  const table = { answer: async (): Promise<void> => undefined };
  const record = refusalBudget({
    recordFailure: async (entry) => {
      await table.answer();
      records.push(entry);
    },
    reportLost: (...args) => lost.push(args),
    now: () => clock.nowMs,
  });
  const repeat = async (times: number, sent = refusal()): Promise<void> => {
    for (let n = 0; n < times; n++) await record(sent);
  };
  return { clock, records, lost, table, record, repeat };
}

test("a refusal is on record with actor, operation, permission, code and source", async () => {
  const { records, record } = createTrail();
  await record(refusal());
  expect(records).toEqual([
    {
      manufacturerId: "mfr_1",
      actorId: "mem_1",
      action: "access.operation.refused",
      origin: { requestId: "req-1", actorKind: "member", sourceAddress: "192.0.2.1" },
      timeMs: Date.UTC(2026, 10, 25),
      details: {
        operation: "rotateEncryptionKey",
        code: "forbidden",
        permission: "encryption:rotate",
      },
    },
  ]);
});

test("an actor has 20 records of a code in an hour, the last of which says that more are counted", async () => {
  const { records, repeat } = createTrail();
  await repeat(1_000);
  expect(records).toHaveLength(20);
  expect(records.map(({ details }) => details?.["moreAreCounted"])).toEqual([
    ...Array.from({ length: 19 }, () => undefined),
    true,
  ]);
});

test("what was only counted is one record, with its number, at the first refusal after the hour", async () => {
  const { clock, records, repeat } = createTrail();
  await repeat(120);
  clock.nowMs += hour - 1;
  await repeat(3);
  expect(records).toHaveLength(20);
  clock.nowMs += 1;
  await repeat(1, refusal({ actorId: "mem_other" }));
  expect(records.slice(20).map(({ actorId, details }) => [actorId, details])).toEqual([
    [
      "mem_1",
      {
        operation: "rotateEncryptionKey",
        code: "forbidden",
        permission: "encryption:rotate",
        counted: 103,
        since: "2026-11-25T00:00:00.000Z",
      },
    ],
    [
      "mem_other",
      {
        operation: "rotateEncryptionKey",
        code: "forbidden",
        permission: "encryption:rotate",
      },
    ],
  ]);
});

test("one actor's flood, or one code's, takes nothing from another's budget", async () => {
  const { records, repeat } = createTrail();
  await repeat(50);
  await repeat(1, refusal({ actorId: "mem_other" }));
  await repeat(1, refusal({ code: "last-owner" }));
  expect(records).toHaveLength(22);
});

test("a new hour is a new budget", async () => {
  const { clock, records, repeat } = createTrail();
  await repeat(20);
  clock.nowMs += hour;
  await repeat(20);
  expect(records).toHaveLength(40);
});

test("ten thousand actors leave no more than a thousand in memory, and each is on record", async () => {
  const { records, record } = createTrail();
  for (let n = 0; n < 10_000; n++) await record(refusal({ actorId: `mem_${n}` }));
  expect(records).toHaveLength(10_000);
});

test("a record that cannot be written fails nothing and is reported", async () => {
  const { lost, record, table } = createTrail();
  const cause = new Error("the table is away");
  table.answer = () => Promise.reject(cause);
  await expect(record(refusal())).resolves.toBeUndefined();
  expect(lost).toEqual([[refusal(), cause]]);
});

test("an answer waits 300 ms for its record and no longer", async () => {
  vi.useFakeTimers();
  try {
    const { record, table } = createTrail();
    table.answer = () => new Promise(() => {});
    let isAnswered = false;
    const answered = record(refusal()).then(() => {
      isAnswered = true;
    });
    await vi.advanceTimersByTimeAsync(299);
    expect(isAnswered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await answered;
    expect(isAnswered).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
