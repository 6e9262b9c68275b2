import { beforeAll, expect, test } from "vitest";
import { acceptInvitationRoute } from "../../../lib/accounts/member-api.ts";
import { password } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";

const stack = useStack();
const operation = "acceptInvitation";
const unknownTicket = "A".repeat(43);
const hourSeconds = 3_600;
const sliceSeconds = 300;

let operator: Operator;

beforeAll(async () => {
  operator = await createOperator(stack);
});

/** Refused after one read. */
const call = () =>
  stack.http.post("/v1/invitations/accept", { body: { token: unknownTicket, password } });

/** How long the database takes: so much longer, and so different, that the machine's own mood drowns. */
const delaysMs = [20, 30, 45, 60, 80];
const callsPerDelay = 5;

async function callRepeatedly(slowness: number): Promise<void> {
  for (const delayMs of delaysMs) {
    const fault = { service: "dynamodb", mode: "latency", operation: "GetItem" } as const;
    stack.faults({ ...fault, delayMs: delayMs * slowness });
    const answers = await Promise.all(Array.from({ length: callsPerDelay }, call));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
  }
  stack.faults({ service: "dynamodb", mode: "none" });
  await stack.settled();
}

const advance = (advanceSeconds: number) =>
  stack.http.post("/__local/clock", { body: { advanceSeconds } });

const check = () => stack.http.post("/__local/schedules/checkPerformanceThresholds");

/** Calls in slices of five minutes, each followed by a check of the thresholds. */
async function live(slices: number, slowness: number): Promise<void> {
  for (let slice = 0; slice < slices; slice++) {
    await callRepeatedly(slowness);
    await advance(sliceSeconds + 61);
    expect((await check()).status).toBe(200);
  }
}

const read = async (path: string) =>
  (await stack.http.get(`/v1/performance/${path}`, { token: await operator.token() })).body;

const isOurs = ({ operation: of, kind }: { operation: string; kind?: string }): boolean =>
  of === operation && (kind === "degradation-mean" || kind === "slow-dependency");

const alertEvents = () =>
  stack
    .events()
    .filter((event) => String(event["detail-type"]).startsWith("performance.alert."))
    .map(
      (event) =>
        event["detail"] as { action: string; subjectId: string; details: { kind: string } },
    )
    .filter(
      ({ subjectId, details }) => subjectId === operation && details.kind === "degradation-mean",
    )
    .map(({ action }) => action);

test("slowness is seen, alerted, published, audited and explained; its end is seen too", async () => {
  for (let hour = 0; hour < 9; hour++) {
    await callRepeatedly(1);
    await advance(hourSeconds);
  }
  await check();
  await live(3, 1);
  expect((await read("thresholds")).openAlerts.filter(isOurs)).toEqual([]);

  await live(4, 6);
  const { openAlerts } = await read("thresholds");
  expect(openAlerts.filter(isOurs)).toContainEqual(
    expect.objectContaining({
      kind: "degradation-mean",
      evidence: expect.objectContaining({
        budgetMs: acceptInvitationRoute.latencyBudgetMs,
        callsLastHour: expect.any(Number),
      }),
    }),
  );
  const { items } = await read("recommendations");
  expect(items.filter(isOurs)).toContainEqual(
    expect.objectContaining({ kind: "slow-dependency", advice: expect.stringContaining("wait") }),
  );
  await stack.settled();
  expect(alertEvents()).toEqual(["performance.alert.raised"]);

  await live(12, 1);
  await stack.settled();
  expect(alertEvents()).toEqual(["performance.alert.raised", "performance.alert.cleared"]);
  const after = await read("thresholds");
  expect(after.openAlerts.filter(isOurs)).toEqual([]);
  expect(after.pastAlerts.filter(isOurs)).toContainEqual(
    expect.objectContaining({ kind: "degradation-mean", clearedAt: expect.any(String) }),
  );
  const audit = await stack.http.get("/v1/audit", { token: await operator.token() });
  const actions = audit.body.items
    .filter(({ subjectId }: { subjectId?: string }) => subjectId === operation)
    .map(({ action }: { action: string }) => action);
  expect(actions).toEqual(
    expect.arrayContaining(["performance.alert.raised", "performance.alert.cleared"]),
  );
});
