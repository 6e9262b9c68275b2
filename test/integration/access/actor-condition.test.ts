import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import type { Actor } from "../../../lib/access/actor-condition.ts";
import { transactAs } from "../../../lib/access/actor-condition.ts";
import type { Statement } from "../../../lib/aws/transact.ts";
import { newId } from "../../../lib/id.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const table = () => services.tableNames.identity;

/** An administrator at `aal2` whose session began at 1,000 with their third password. */
async function administrator(overrides: Partial<Actor> = {}): Promise<Actor> {
  const actor: Actor = {
    manufacturerId: newId("manufacturer"),
    memberId: newId("member"),
    sessionId: newId("session"),
    sessionStartedAtMs: 1000,
    passwordVersion: 2,
    roles: ["admin"],
    acr: "aal2",
    access: "members:write",
    ...overrides,
  };
  await services.documents.send(
    new PutCommand({
      TableName: table(),
      Item: {
        pk: `MFR#${actor.manufacturerId}`,
        sk: `MEMBER#${actor.memberId}`,
        roles: ["admin"],
        status: "active",
        sessionsValidFromMs: 1000,
        passwordVersion: 2,
        endedSessions: { ses_other: 1 },
        changes: 0,
      },
    }),
  );
  return actor;
}

const keyOf = (actor: Actor) => ({
  pk: `MFR#${actor.manufacturerId}`,
  sk: `MEMBER#${actor.memberId}`,
});

async function change(actor: Actor, expression: string, values: Record<string, unknown>) {
  await services.documents.send(
    new UpdateCommand({
      TableName: table(),
      Key: keyOf(actor),
      UpdateExpression: expression,
      ...(expression.includes("#") && { ExpressionAttributeNames: names(expression, actor) }),
      ExpressionAttributeValues: values,
    }),
  );
}

const names = (expression: string, actor: Actor): Record<string, string> => ({
  ...(expression.includes("#status") && { "#status": "status" }),
  ...(expression.includes("#roles") && { "#roles": "roles" }),
  ...(expression.includes("#session") && { "#session": actor.sessionId }),
});

/** A transaction on another item, and one on the actor's own, which it may touch only once. */
const writes: [string, (actor: Actor) => Statement, (actor: Actor) => Record<string, string>][] = [
  [
    "another item",
    (actor) => ({
      Update: {
        TableName: table(),
        Key: { pk: `MFR#${actor.manufacturerId}`, sk: "POLICY" },
        UpdateExpression: "ADD changes :one",
        ExpressionAttributeValues: { ":one": 1 },
      },
    }),
    (actor) => ({ pk: `MFR#${actor.manufacturerId}`, sk: "POLICY" }),
  ],
  [
    "the actor's own item",
    (actor) => ({
      Update: {
        TableName: table(),
        Key: keyOf(actor),
        UpdateExpression: "ADD changes :one",
        ConditionExpression: "changes < :most OR #status = :never",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":one": 1, ":most": 1, ":never": "never" },
      },
    }),
    keyOf,
  ],
];

const losses: [string, string, Record<string, unknown>, Record<string, unknown>][] = [
  ["removed", "SET #status = :v", { ":v": "removed" }, { code: "invalid-token" }],
  ["suspended", "SET #status = :v", { ":v": "suspended" }, { code: "invalid-token" }],
  ["signed out", "SET endedSessions.#session = :v", { ":v": 9 }, { code: "invalid-token" }],
  [
    "signed out everywhere",
    "SET sessionsValidFromMs = :v",
    { ":v": 1001 },
    { code: "invalid-token" },
  ],
  ["given a new password", "SET passwordVersion = :v", { ":v": 3 }, { code: "invalid-token" }],
  ["demoted", "SET #roles = :v", { ":v": ["viewer"] }, { code: "forbidden" }],
  ["promoted", "SET #roles = :v", { ":v": ["owner"] }, { code: "contention" }],
];

describe.each(writes)("a transaction on %s", (_name, write, target) => {
  const changesOf = async (actor: Actor) => {
    const { Item } = await services.documents.send(
      new GetCommand({ TableName: table(), Key: target(actor), ConsistentRead: true }),
    );
    return Item?.["changes"] ?? 0;
  };
  const act = (actor: Actor) => transactAs(services.documents, table(), actor, [write(actor)]);

  test("commits while its actor may act", async () => {
    const actor = await administrator();
    expect(await act(actor)).toEqual({ committed: true });
    expect(await changesOf(actor)).toBe(1);
  });

  test.each(losses)(
    "changes nothing once its actor was %s",
    async (_loss, expression, values, problem) => {
      const actor = await administrator();
      await change(actor, expression, values);
      await expect(act(actor)).rejects.toMatchObject(problem);
      expect(await changesOf(actor)).toBe(0);
    },
  );

  test("changes nothing for a member who does not exist", async () => {
    const actor = { ...(await administrator()), memberId: newId("member") };
    await expect(act(actor)).rejects.toMatchObject({
      code: "invalid-token",
      extra: { reason: "session-ended" },
    });
  });

  test("changes nothing in a session of one factor once a second one is bound", async () => {
    const actor = await administrator({ acr: "aal1", access: "member" });
    expect(await act(actor)).toEqual({ committed: true });
    await change(actor, "SET secondFactors = :v, changes = :zero", {
      ":v": { totpFactorIds: ["fac_1"], deviceIds: [] },
      ":zero": 0,
    });
    await expect(act(actor)).rejects.toMatchObject({
      code: "insufficient-authentication",
      extra: { acrValues: ["aal2"] },
    });
  });

  test("asks for no role and no factor of what every living session may do", async () => {
    const actor = await administrator({ acr: "aal1", access: "session" });
    await change(actor, "SET #roles = :roles, secondFactors = :factors", {
      ":roles": ["viewer"],
      ":factors": { totpFactorIds: ["fac_1"] },
    });
    expect(await act(actor)).toEqual({ committed: true });
  });

  test("a first password needs no count", async () => {
    const actor = await administrator({ passwordVersion: 0 });
    await expect(act(actor)).rejects.toMatchObject({ code: "invalid-token" });
  });
});

test("a condition of the change's own that fails is told by its index, as ever", async () => {
  const actor = await administrator();
  const own = writes[1]?.[1](actor) as Statement;
  await transactAs(services.documents, table(), actor, [own]);
  const outcome = await transactAs(services.documents, table(), actor, [own]);
  expect(outcome).toMatchObject({ committed: false });
  expect([...(outcome as { failed: ReadonlyMap<number, unknown> }).failed.keys()]).toEqual([0]);
});
