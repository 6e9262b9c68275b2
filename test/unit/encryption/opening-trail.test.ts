import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../../../lib/audit/record.ts";
import type { Opening } from "../../../lib/encryption/opening-trail.ts";
import { OpeningTrail } from "../../../lib/encryption/opening-trail.ts";

const opening = (overrides: Partial<Opening> = {}): Opening => ({
  manufacturerId: "mfr_first",
  actorId: "mem_first",
  origin: { requestId: "request", actorKind: "member", sourceAddress: "192.0.2.1" },
  keyId: "envelope#000001",
  contextDigest: "digest-a",
  commitment: "commitment-a",
  ...overrides,
});

/** A trail over a table that can be away, and what the table holds. */
function createTrail() {
  const clock = { nowMs: Date.UTC(2026, 10, 24) };
  const table = { isAway: false, sent: 0, records: new Map<object, AuditEntry>() };
  const trail = new OpeningTrail({
    now: () => clock.nowMs,
    prepareRecord: (entry) => async () => {
      table.sent += 1;
      if (table.isAway) throw new Error("the table is away");
      table.records.set(entry, entry);
    },
  });
  const records = () => [...table.records.values()];
  const details = () => records().map((record) => record.details);
  return { clock, table, trail, records, details };
}

const openingsOf = (entries: readonly AuditEntry[]): number =>
  entries.reduce((sum, { details }) => sum + Number(details?.["openings"]), 0);

describe("counted openings", () => {
  it("are on record before the answer at the first opening of a member and key version", async () => {
    const { records, trail } = createTrail();
    await trail.note(opening(), "counted");
    expect(records()).toEqual([
      {
        manufacturerId: "mfr_first",
        actorId: "mem_first",
        subjectId: "envelope#000001",
        action: "encryption.envelope.opened",
        outcome: "success",
        origin: { requestId: "request", actorKind: "member", sourceAddress: "192.0.2.1" },
        timeMs: Date.UTC(2026, 10, 24),
        details: {
          openings: 1,
          since: "2026-11-24T00:00:00.000Z",
          contexts: ["digest-a:1"],
        },
      },
    ]);
  });

  it("have a record of their own where the same member opens from another address", async () => {
    const { records, trail } = createTrail();
    await trail.note(opening(), "counted");
    const elsewhere = { requestId: "other", sourceAddress: "203.0.113.9" };
    await trail.note(opening({ origin: elsewhere }), "counted");
    expect(records().map(({ origin }) => origin.sourceAddress)).toEqual([
      "192.0.2.1",
      "203.0.113.9",
    ]);
  });

  it("write nothing for ten seconds, then one record with all of them by context", async () => {
    const { clock, details, table, trail } = createTrail();
    await trail.note(opening(), "counted");
    clock.nowMs += 1;
    for (let n = 0; n < 50; n += 1) await trail.note(opening(), "counted");
    clock.nowMs += 9_998;
    await trail.note(opening({ contextDigest: "digest-b" }), "counted");
    expect(table.sent).toBe(1);
    clock.nowMs += 1;
    await trail.note(opening({ contextDigest: "digest-b" }), "counted");
    expect(details().slice(1)).toEqual([
      {
        openings: 52,
        since: "2026-11-24T00:00:00.001Z",
        contexts: ["digest-a:50", "digest-b:2"],
      },
    ]);
  });

  it.each([
    { actorId: "mem_second" },
    { manufacturerId: "mfr_second" },
    { keyId: "envelope#000002" },
  ])("of %j are on record at once, with what waits of others", async (other) => {
    const { records, trail } = createTrail();
    await trail.note(opening(), "counted");
    await trail.note(opening(), "counted");
    await trail.note(opening(other), "counted");
    expect(records().map(({ details }) => details?.["openings"])).toEqual([1, 1, 1]);
    expect(records()[2]).toMatchObject("keyId" in other ? { subjectId: other.keyId } : other);
  });

  it("name at most a hundred contexts in one record", async () => {
    const { details, trail } = createTrail();
    for (let n = 0; n < 201; n += 1) {
      await trail.note(opening({ contextDigest: `digest-${n}` }), "counted");
    }
    expect(details().map((found) => found?.["openings"])).toEqual([1, 100, 100]);
  });

  it("go on while records cannot be written, and are all on record once they can, each once", async () => {
    const { clock, records, table, trail } = createTrail();
    table.isAway = true;
    for (let n = 0; n < 5; n += 1) {
      await trail.note(opening(), "counted");
      clock.nowMs += 10_000;
    }
    expect(records()).toEqual([]);
    table.isAway = false;
    await trail.note(opening(), "counted");
    expect(openingsOf(records())).toBe(6);
    expect(records()).toHaveLength(6);
  });

  it("are refused, and not counted, while 25 records wait: memory is no trail", async () => {
    const { records, table, trail } = createTrail();
    table.isAway = true;
    const note = (n: number) => trail.note(opening({ actorId: `mem_${n}` }), "counted");
    for (let n = 1; n <= 25; n += 1) await note(n);
    await expect(note(26)).rejects.toThrow("away");
    await expect(note(26)).rejects.toThrow("away");
    table.isAway = false;
    await note(27);
    expect(records().map(({ actorId }) => actorId)).toEqual(
      [...Array.from({ length: 25 }, (_, n) => n + 1), 27].map((n) => `mem_${n}`),
    );
  });

  it("lose none and invent none, whoever opens what and when", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            actorId: fc.constantFrom("mem_1", "mem_2"),
            contextDigest: fc.constantFrom("a", "b", "c"),
            pauseMs: fc.constantFrom(0, 1, 5_000, 10_000),
            policy: fc.constantFrom("counted" as const, "strict" as const),
          }),
          { maxLength: 40 },
        ),
        async (steps) => {
          const { clock, records, trail } = createTrail();
          for (const { pauseMs, policy, ...step } of steps) {
            clock.nowMs += pauseMs;
            await trail.note(opening(step), policy);
          }
          clock.nowMs += 10_000;
          await trail.note(opening({ actorId: "mem_last" }), "counted");
          expect(openingsOf(records())).toBe(steps.length + 1);
          for (const actorId of ["mem_1", "mem_2"]) {
            const own = records().filter((record) => record.actorId === actorId);
            expect(openingsOf(own)).toBe(steps.filter((step) => step.actorId === actorId).length);
          }
        },
      ),
    );
  });
});

describe("strict openings", () => {
  it("have a record each before the answer, which names the envelope", async () => {
    const { details, trail } = createTrail();
    await trail.note(opening(), "strict");
    await trail.note(opening({ commitment: "commitment-b" }), "strict");
    expect(details()).toEqual([
      { openings: 1, contexts: ["digest-a:1"], commitment: "commitment-a" },
      { openings: 1, contexts: ["digest-a:1"], commitment: "commitment-b" },
    ]);
  });

  it("are refused while the record cannot be written", async () => {
    const { records, table, trail } = createTrail();
    table.isAway = true;
    await expect(trail.note(opening(), "strict")).rejects.toThrow("away");
    table.isAway = false;
    await trail.note(opening({ actorId: "mem_second" }), "counted");
    expect(records().map(({ actorId }) => actorId)).toEqual(["mem_second"]);
  });
});
