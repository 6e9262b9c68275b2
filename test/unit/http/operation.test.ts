import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import type { Invocation } from "../../../lib/http/observe.ts";
import { operation } from "../../../lib/http/operation.ts";
import type { OperationRequest } from "../../../lib/http/request.ts";
import type { Route } from "../../../lib/http/route.ts";
import type { ProblemCode } from "../../../lib/problem.ts";
import { Problem } from "../../../lib/problem.ts";

const route = {
  operationId: "weighThing",
  domain: "platform",
  summary: "Weighs a thing",
  method: "POST",
  path: "/v1/things",
  access: "public",
  body: z.strictObject({ thing: z.string() }),
  success: { status: 200, schema: z.object({ grams: z.number() }) },
  problems: [],
  uses: [],
  latencyBudgetMs: 50,
} as const satisfies Route;

const event = {
  headers: { "content-type": "application/json" },
  body: '{"thing":"feather"}',
  isBase64Encoded: false,
  requestContext: { requestId: "gateway-1", http: { sourceIp: "127.0.0.1", userAgent: "test" } },
} as unknown as APIGatewayProxyEventV2;

const contextWith = (remainingMs: number) =>
  ({
    awsRequestId: "lambda-1",
    getRemainingTimeInMillis: () => remainingMs,
  }) as unknown as Context;

async function run(
  rule: (request: OperationRequest<typeof route>) => Promise<{ grams: number }>,
  {
    remainingMs = 10_000,
    ...overrides
  }: {
    remainingMs?: number;
    body?: string;
    queryStringParameters?: Record<string, string>;
  } = {},
) {
  const observed: Invocation[] = [];
  const handler = operation(route, rule, { observe: (invocation) => observed.push(invocation) });
  const answer = await handler({ ...event, ...overrides }, contextWith(remainingMs));
  return { answer, problem: JSON.parse(answer.body ?? "{}"), observed };
}

describe("whatever happens leaves as an answer, and is observed once", () => {
  test("a rule that works", async () => {
    const { answer, observed } = await run(async () => ({ grams: 1 }));
    expect(answer.statusCode).toBe(200);
    expect(observed).toMatchObject([{ status: 200, requestId: "lambda-1" }]);
  });

  test("a rule that is still at work shortly before the time-out: 503 timeout, and its signal aborts", async () => {
    let aborted = false;
    const { answer, problem, observed } = await run(
      ({ signal }) => new Promise(() => signal.addEventListener("abort", () => (aborted = true))),
      { remainingMs: 210 },
    );
    expect([answer.statusCode, problem.code]).toEqual([503, "timeout"]);
    expect(answer.headers?.["retry-after"]).toBe("1");
    expect(aborted).toBe(true);
    expect(observed).toMatchObject([{ status: 503, problemCode: "timeout" }]);
  });

  test("a rule that throws something unknown: 500 with a fixed text, the cause observed only", async () => {
    const { answer, problem, observed } = await run(async () => {
      throw new Error("the password is hunter2");
    });
    expect([answer.statusCode, problem.code]).toEqual([500, "internal"]);
    expect(answer.body).not.toContain("hunter2");
    expect(String(observed[0]?.cause)).toContain("hunter2");
  });

  test("a rule that throws what is no error", async () => {
    const { answer, observed } = await run(async () => {
      throw "text";
    });
    expect(answer.statusCode).toBe(500);
    expect(observed).toHaveLength(1);
  });

  test("a query parameter of a route that reads none: 400, and the rule does not run", async () => {
    let hasRun = false;
    const { answer, problem } = await run(
      async () => {
        hasRun = true;
        return { grams: 1 };
      },
      { queryStringParameters: { nonsense: "1" } },
    );
    expect([answer.statusCode, hasRun]).toEqual([400, false]);
    expect(problem).toMatchObject({
      code: "invalid-request",
      errors: [{ pointer: "/query/nonsense", code: "unknown-field" }],
    });
  });

  test("a body that is refused before the rule runs", async () => {
    let hasRun = false;
    const { answer, observed } = await run(
      async () => {
        hasRun = true;
        return { grams: 1 };
      },
      { body: "{" },
    );
    expect([answer.statusCode, hasRun]).toEqual([400, false]);
    expect(observed).toMatchObject([{ status: 400, problemCode: "malformed-json" }]);
  });
});

test("one id names a request: in the answer, in what is observed and in what a rule records", async () => {
  let recorded = "";
  const { answer, observed } = await run(async ({ requestId }) => {
    recorded = requestId;
    return { grams: 1 };
  });
  expect(observed[0]?.requestId).toBe(recorded);
  expect(answer.headers?.["x-request-id"]).toBe(recorded);
});

describe("a route that spends its source's budget", () => {
  const budgeted = { ...route, sourceBudget: "passwords" } as const satisfies Route;

  async function send(
    rule: (request: OperationRequest<typeof budgeted>) => Promise<{ grams: number }>,
    { spend = async () => {}, body = event.body as string, headers = {} } = {},
  ) {
    const steps: string[] = [];
    const handler = operation(
      budgeted,
      async (request: OperationRequest<typeof budgeted>) => {
        steps.push("rule");
        return rule(request);
      },
      {
        observe: () => {},
        sourceBudget: {
          spend: async (source: string) => {
            steps.push(`spend ${source}`);
            await spend();
          },
          spendFailure: (source: string) => steps.push(`failure ${source}`),
        },
      },
    );
    const sent = { ...event, headers: { ...event.headers, ...headers }, body };
    const { statusCode } = await handler(sent, contextWith(10_000));
    return { statusCode, steps };
  }
  const weigh = async () => ({ grams: 1 });
  const refuse = (code: ProblemCode) => async () => {
    throw new Problem(code);
  };

  test("spends it before the body is read, for the connection's address and not for a header's", async () => {
    const headers = { "x-forwarded-for": "203.0.113.7", forwarded: "for=203.0.113.7" };
    expect(await send(weigh, { headers })).toEqual({
      statusCode: 200,
      steps: ["spend 127.0.0.1", "rule"],
    });
    const malformed = await send(weigh, { body: "{" });
    expect(malformed).toEqual({ statusCode: 400, steps: ["spend 127.0.0.1"] });
  });

  test("does nothing more for a source that has none left", async () => {
    const { statusCode, steps } = await send(weigh, { spend: refuse("too-many-requests") });
    expect([statusCode, steps]).toEqual([429, ["spend 127.0.0.1"]]);
  });

  test.each([
    "invalid-credentials",
    "invalid-ticket",
    "invalid-code",
    "invalid-device-proof",
    "too-many-requests",
  ] as const)("spends more where the answer is %s", async (code) => {
    const { steps } = await send(refuse(code));
    expect(steps).toEqual(["spend 127.0.0.1", "rule", "failure 127.0.0.1"]);
  });

  test.each([
    "invalid-mfa-token",
    "too-many-attempts",
    "unavailable",
    "password-too-short",
  ] as const)("spends no more where the answer is %s: nothing was guessed", async (code) => {
    expect((await send(refuse(code))).steps).toEqual(["spend 127.0.0.1", "rule"]);
  });
});
