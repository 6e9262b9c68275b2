import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import type { AuditEntry } from "../../../lib/audit/record.ts";
import { auditPut } from "../../../lib/audit/record.ts";
import { countCalls } from "../../support/count-calls.ts";
import { inviteMember, signIn, signUp, signUpWithFactor } from "../../support/manufacturer.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const list = (token: string, query: Record<string, string> = {}) =>
  stack.http.get(`/v1/audit?${new URLSearchParams(query)}`, { token });
const cursorOf = (position: unknown) => Buffer.from(JSON.stringify(position)).toString("base64url");
const day = 24 * 3600 * 1000;
const monthAgo = () => new Date(stack.now() - 31 * day).toISOString();

async function addRecords(
  manufacturerId: string,
  timesMs: readonly number[],
  entry: Partial<AuditEntry> = {},
): Promise<void> {
  const documents = documentsOf(stack);
  const add = async (timeMs: number): Promise<void> => {
    const { Put } = auditPut(stack.tableNames.audit, {
      manufacturerId,
      action: "test.thing.done",
      outcome: "success",
      origin: systemOrigin(String(timeMs)),
      timeMs,
      ...entry,
    });
    if (Put) await documents.send(new PutCommand(Put));
  };
  const left = [...timesMs];
  const addNext = async (): Promise<void> => {
    for (let timeMs = left.pop(); timeMs !== undefined; timeMs = left.pop()) await add(timeMs);
  };
  await Promise.all(Array.from({ length: 20 }, addNext));
}

const isAdded = ({ action }: { action: string }): boolean => action === "test.thing.done";

/** The times of all records on all pages, of those that the tests have added unless said. */
async function readAll(
  token: string,
  query: Record<string, string>,
  isWanted: (record: AuditEntry) => boolean = isAdded,
): Promise<string[]> {
  const times: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await list(token, { ...query, ...(cursor && { cursor }) });
    times.push(...body.items.filter(isWanted).map(({ time }: { time: string }) => time));
    cursor = body.nextCursor;
  } while (cursor);
  return times;
}

describe("200", () => {
  test("who did what to whom, newest first, and no personal data", async () => {
    const owner = await signUpWithFactor(stack);
    const viewer = await inviteMember(stack, owner, "viewer");
    await stack.http.delete(`/v1/members/${viewer.memberId}`, { token: owner.accessToken });
    const { body } = await list(owner.accessToken);
    expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
      "accounts.member.removed",
      "auth.session.started",
      "accounts.member.joined",
      "accounts.member.invited",
      "mfa.factor.bound",
      "auth.session.started",
      "accounts.manufacturer.created",
      "accounts.sign-up.requested",
    ]);
    expect(body.items[0]).toMatchObject({
      actorId: owner.memberId,
      subjectId: viewer.memberId,
      outcome: "success",
      manufacturerId: owner.manufacturerId,
    });
    expect(JSON.stringify(body)).not.toMatch(/@|Keller|Weber|"pk"|"sk"/);
  });

  test("a record names the request that made it, as the answer to that request does", async () => {
    const owner = await signUp(stack);
    const other = await signIn(stack, { email: owner.email, password: owner.password });
    const { headers } = await stack.http.post("/v1/auth/sign-out", { token: other.accessToken });
    const { body } = await list(owner.accessToken);
    expect(body.items[0]).toMatchObject({
      action: "auth.session.ended",
      requestId: headers.get("x-request-id"),
    });
  });

  test("pages over days and within a day are complete, in order and without repeats", async () => {
    const { accessToken, manufacturerId } = await signUp(stack);
    const midnight = Math.floor(stack.now() / day) * day - 10 * day;
    const times = [
      ...Array.from({ length: 120 }, (_, index) => midnight - 3 * day + index * 1000),
      midnight,
      midnight - 1,
      midnight - 19 * day,
    ];
    await addRecords(manufacturerId, [...times, times[5] ?? 0]);
    const expected = [...times, times[5] ?? 0]
      .sort((one, other) => other - one)
      .map((timeMs) => new Date(timeMs).toISOString());
    const from = new Date(midnight - 20 * day).toISOString();
    expect(await readAll(accessToken, { from })).toEqual(expected);
  });

  test("both ends of the asked time are inside", async () => {
    const { accessToken, manufacturerId } = await signUp(stack);
    const base = stack.now() - 2 * day;
    await addRecords(manufacturerId, [base - 1, base, base + 500, base + 1000, base + 1001]);
    const [from = "", to = ""] = [base, base + 1000].map((ms) => new Date(ms).toISOString());
    expect(await readAll(accessToken, { from, to })).toHaveLength(3);
  });

  test.each([
    ["actorId", { actorId: "mem_wanted" }, { actorId: "mem_other" }],
    ["outcome", { outcome: "failure" }, { outcome: "success" }],
    ["action", { action: "test.thing.done" }, { action: "test.thing.done-otherwise" }],
  ] as const)(
    "with %s, only the records that fit it, over pages and days, complete and in order",
    async (name, wanted, unwanted) => {
      const { accessToken, manufacturerId } = await signUp(stack);
      const midnight = Math.floor(stack.now() / day) * day - 10 * day;
      // Sixty that fit among many that do not, on one day, and three on others.
      const fitting = [
        ...Array.from({ length: 60 }, (_, index) => midnight + 10 * index),
        midnight - 1,
        midnight - 2 * day,
        midnight - 19 * day,
      ];
      await addRecords(manufacturerId, fitting, wanted);
      const others = Array.from({ length: 700 }, (_, index) => midnight + index);
      await addRecords(manufacturerId, others, { action: "test.other.done", ...unwanted });
      const from = new Date(midnight - 20 * day).toISOString();
      const [[, value = ""] = []] = Object.entries(wanted);
      expect(await readAll(accessToken, { from, [name]: value }, () => true)).toEqual(
        fitting
          .toSorted((one, other) => other - one)
          .map((timeMs) => new Date(timeMs).toISOString()),
      );
    },
  );

  test("the beginning of an action up to a dot finds all of its kind, and no other", async () => {
    const owner = await signUp(stack);
    await inviteMember(stack, owner, "viewer");
    const actionsOf = async (action: string) =>
      (await list(owner.accessToken, { action })).body.items.map((item: AuditEntry) => item.action);
    expect(await actionsOf("accounts")).toEqual([
      "accounts.member.joined",
      "accounts.member.invited",
      "accounts.manufacturer.created",
      "accounts.sign-up.requested",
    ]);
    expect(await actionsOf("accounts.member")).toHaveLength(2);
    expect(await actionsOf("accounts.member.invited")).toHaveLength(1);
    expect(await actionsOf("accounts.mem")).toEqual([]);
  });

  test("filters together all have to fit", async () => {
    const owner = await signUp(stack);
    const times = [stack.now() - 3000, stack.now() - 2000, stack.now() - 1000];
    const [one = 0, two = 0, three = 0] = times;
    await addRecords(owner.manufacturerId, [one], { actorId: "mem_a", outcome: "failure" });
    await addRecords(owner.manufacturerId, [two], { actorId: "mem_a" });
    await addRecords(owner.manufacturerId, [three], { actorId: "mem_b", outcome: "failure" });
    const query = { actorId: "mem_a", action: "test", outcome: "failure" };
    expect(await readAll(owner.accessToken, query, () => true)).toEqual([
      new Date(one).toISOString(),
    ]);
  });

  test("what is written between two pages neither repeats nor hides a record", async () => {
    const { accessToken, manufacturerId } = await signUp(stack);
    const base = stack.now() - 3600_000;
    const times = Array.from({ length: 70 }, (_, index) => base + index * 1000);
    await addRecords(manufacturerId, times, { actorId: "mem_a" });
    const first = await list(accessToken, { actorId: "mem_a" });
    await addRecords(manufacturerId, [base + 100_000], { actorId: "mem_a" });
    const second = await list(accessToken, { actorId: "mem_a", cursor: first.body.nextCursor });
    const listed = [...first.body.items, ...second.body.items].map(({ time }) => Date.parse(time));
    expect(listed).toEqual(times.toReversed());
  });

  test("a filter that nothing fits costs a bounded number of calls a page", async () => {
    const { accessToken } = await signUp(stack);
    await list(accessToken);
    const run = () => list(accessToken, { from: monthAgo(), actorId: "mem_nobody" });
    expect((await countCalls(stack, run)).dynamodb).toBeLessThanOrEqual(31);
  });

  test("no filter reaches another manufacturer's records", async () => {
    const [one, other] = [await signUp(stack), await signUp(stack)];
    const { body } = await list(one.accessToken, { actorId: other.memberId });
    expect(body).toEqual({ items: [] });
  });

  test("a time with an offset or without a fraction is the instant it names", async () => {
    const { accessToken } = await signUp(stack);
    expect((await list(accessToken, { from: monthAgo().replace(/\.\d+Z$/, "Z") })).status).toBe(
      200,
    );
    const to = new Date(stack.now() + 3600_000).toISOString().replace(/\.\d+Z$/, "Z");
    expect((await list(accessToken, { to })).body.items.length).toBeGreaterThan(0);
  });

  test("the longest span costs a bounded number of calls a page", async () => {
    const { accessToken } = await signUp(stack);
    await list(accessToken);
    const run = () => list(accessToken, { from: monthAgo() });
    expect((await countCalls(stack, run)).dynamodb).toBeLessThanOrEqual(32);
  });

  test("a cursor leads no further than the asked time, whoever made it", async () => {
    const { accessToken } = await signUp(stack);
    await list(accessToken);
    const cursor = cursorOf({ before: "9999-12-31" });
    const run = async () => {
      expect((await list(accessToken, { cursor })).body.nextCursor).toBeUndefined();
    };
    expect((await countCalls(stack, run)).dynamodb).toBeLessThanOrEqual(9);
  });
});

describe("400", () => {
  test.each([
    ["actor", { actor: "mem_1" }, "/query/actor"],
    ["an actor id with a blank", { actorId: "a b" }, "/query/actorId"],
    ["an action with a wildcard", { action: "auth.*" }, "/query/action"],
    ["half a dot", { action: "auth." }, "/query/action"],
    ["an outcome that is none", { outcome: "maybe" }, "/query/outcome"],
  ])("a filter that does not exist: %s", async (_, query, pointer) => {
    const { accessToken } = await signUp(stack);
    expect(await list(accessToken, query as unknown as Record<string, string>)).toMatchObject({
      status: 400,
      body: { code: "invalid-request", errors: [{ pointer }] },
    });
  });

  test("a span of more than 31 days, and what to send instead", async () => {
    const { accessToken } = await signUp(stack);
    for (const from of ["0001-01-01T00:00:00Z", new Date(stack.now() - 32 * day).toISOString()]) {
      expect(await list(accessToken, { from })).toMatchObject({
        status: 400,
        body: {
          code: "invalid-request",
          detail: "Ask for at most 31 days at a time: give a later from, or an earlier to.",
          errors: [{ pointer: "/query/from", code: "span-too-long" }],
        },
      });
    }
  });

  test("a span that ends before it begins", async () => {
    const { accessToken } = await signUp(stack);
    const query = { from: "2026-11-25T00:00:00Z", to: "2026-11-24T00:00:00Z" };
    expect(await list(accessToken, query)).toMatchObject(
      problemAnswer("invalid-request", { errors: [{ pointer: "/query/from", code: "after-to" }] }),
    );
  });

  test.each([
    "nonsense",
    cursorOf({}),
    cursorOf({ before: 5 }),
    cursorOf({ before: "" }),
    cursorOf({ before: "zzz" }),
    cursorOf({ before: "2026-99-99" }),
    cursorOf({ before: "2026-99-99T00:00:00.000Z" }),
    cursorOf({ before: "9999-12-31T23:59:59.999Z#rec_x" }),
    cursorOf({ before: "+275760-09-13T00:00:00.000Z" }),
  ])(
    "a cursor that was never issued is refused or empty, never an error of ours: %s",
    async (cursor) => {
      const { accessToken } = await signUp(stack);
      const { status } = await list(accessToken, { cursor });
      expect([200, 400]).toContain(status);
    },
  );

  test.each(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])(
    "the ends of time are asked for without harm: %s",
    async (time) => {
      const { accessToken } = await signUp(stack);
      for (const query of [{ from: time }, { to: time }]) {
        expect([200, 400]).toContain(
          (await list(accessToken, query as Record<string, string>)).status,
        );
      }
    },
  );
});

describe("403", () => {
  test("an editor reads no audit records", async () => {
    const owner = await signUp(stack);
    const editor = await inviteMember(stack, owner, "editor");
    expect(await list(editor.accessToken)).toMatchObject(problemAnswer("forbidden"));
  });
});
