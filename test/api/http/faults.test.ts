import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Role } from "../../../lib/access/policy.ts";
import { ruleOf } from "../../../lib/access/policy.ts";
import type { Route } from "../../../lib/http/route.ts";
import { grantsOf, permissionOf } from "../../../lib/http/route.ts";
import { inBatches } from "../../../lib/performance/in-batches.ts";
import { problems } from "../../../lib/problem.ts";
import { routes } from "../../../lib/routes.ts";
import { signIn } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";
import type { Cast } from "../isolation/cast.ts";
import { makeCast, prepare, send } from "../isolation/cast.ts";

const stack = useStack();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(stack);
});
// Preparing a request moves the clock, and tokens grow old; it invites and rotates, of which an hour
// and a day have so many.
beforeEach(async () => {
  stack.advanceClock(86_400);
  for (const caller of Object.values(cast.callers)) {
    Object.assign(caller, await signIn(stack, caller));
  }
});

function callerRole({ access }: Route): Role {
  const permission = permissionOf(access);
  return (permission && ruleOf(permission).roles[0]) ?? "owner";
}

function sceneOf(route: Route) {
  const role = callerRole(route);
  const { own, foreign } = cast.targets(role);
  const target = route.path.startsWith("/v1/operator/") ? foreign : own;
  return { stack, role, caller: cast.callers[role], target };
}

/** Prepares a request of every route, makes the fault happen, sends them all. */
async function sendUnder(faulty: readonly Route[], setFault: () => void) {
  const prepared: (() => ReturnType<typeof send>)[] = [];
  for (const route of faulty) {
    const scene = sceneOf(route);
    const request = await prepare(route, scene);
    prepared.push(() => send(route, request, scene));
  }
  await stack.settled();
  setFault();
  // A few at a time: on a busy machine the local gateway refuses those that wait long.
  return inBatches(prepared, (sendOne) => sendOne());
}

const usingTables = routes.filter((route) =>
  grantsOf(route).some((grant) => /^(identity|keys|usage|audit|metrics):/.test(grant)),
);
const usingKms = routes.filter((route) =>
  grantsOf(route).some((grant) => /^(platform|manufacturer)-key:/.test(grant)),
);

describe("an outage is a problem that says to try again, never an error of ours", () => {
  test.each(["throttle", "error", "lose-response"] as const)(
    "DynamoDB answers every call with: %s",
    async (mode) => {
      const answers = await sendUnder(usingTables, () => {
        stack.coldStart();
        stack.faults({ service: "dynamodb", mode });
      });
      for (const [index, { status, headers, body }] of answers.entries()) {
        const operationId = usingTables[index]?.operationId ?? "";
        expect(
          [status, problems[body.code as keyof typeof problems]?.retryable],
          operationId,
        ).toEqual([503, true]);
        expect(headers.get("retry-after"), operationId).toMatch(/^\d+$/);
      }
    },
  );

  test.each(["throttle", "error", "lose-response"] as const)(
    "KMS answers every call with: %s",
    async (mode) => {
      const answers = await sendUnder(usingKms, () => {
        stack.coldStart();
        stack.faults({ service: "kms", mode });
      });
      const unexpected = answers.flatMap(({ status, body }, index) =>
        status < 300 || (status === 503 && body.code !== "internal")
          ? []
          : [[usingKms[index]?.operationId, status, body]],
      );
      expect(unexpected).toEqual([]);
      expect(answers.some(({ status }) => status === 503)).toBe(true);
    },
  );
});

describe("a fault that passes costs the caller nothing", () => {
  test("one answer of DynamoDB to each operation is lost", async () => {
    for (const route of usingTables) {
      const scene = sceneOf(route);
      const request = await prepare(route, scene);
      await stack.settled();
      stack.faults({ service: "dynamodb", mode: "lose-response", times: 1 });
      const { status, body } = await send(route, request, scene);
      stack.faults({ service: "dynamodb", mode: "none" });
      expect([status, body?.code], route.operationId).toEqual([route.success.status, undefined]);
    }
  });

  test("of every transaction the first answer is lost", async () => {
    const transacting = usingTables.filter(({ uses }) => uses.includes("audit:PutItem"));
    for (const route of transacting) {
      const scene = sceneOf(route);
      const request = await prepare(route, scene);
      await stack.settled();
      const operation = "TransactWriteItems";
      stack.faults({ service: "dynamodb", mode: "lose-response", times: 1, operation });
      const { status, body } = await send(route, request, scene);
      stack.faults({ service: "dynamodb", mode: "none", operation });
      expect([status, body?.code], route.operationId).toEqual([route.success.status, undefined]);
    }
  });
});
