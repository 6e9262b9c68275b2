import middy from "@middy/core";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from "aws-lambda";
import * as z from "zod/mini";
import type { SourceBudget } from "../abuse/source-budget.ts";
import type { Authenticate, IdentifiedMember } from "../access/authenticate.ts";
import type { Origin } from "../audit/origin.ts";
import { requestOrigin } from "../audit/origin.ts";
import type { RecordRefusal } from "../audit/record-refusal.ts";
import type { FieldError, ProblemCode } from "../problem.ts";
import { Problem } from "../problem.ts";
import type { Screen } from "../threats/screening.ts";
import type { Meter, Metered } from "../usage/meter.ts";
import { bodyText, readJsonBody } from "./json-body.ts";
import type { Observe, StartedInvocation } from "./observe.ts";
import type { Caller, OperationBody, OperationRequest } from "./request.ts";
import { JsonText, Reply } from "./request.ts";
import { invalidRequest, problemResponse, response } from "./response.ts";
import type { Route } from "./route.ts";
import { toProblem } from "./to-problem.ts";
import { validatePart } from "./validate.ts";

export type Rule<R extends Route, Dependencies> = (
  request: OperationRequest<R>,
  dependencies: Dependencies,
) => Promise<OperationBody<R> | Reply<OperationBody<R>> | JsonText>;

/**
 * What the wrap itself needs: somebody to authenticate and to record refusals unless public, a source's budget where it spends
 * one, a meter where it meters, a screen where it screens.
 */
export type OperationDependencies<R extends Route> = {
  observe: Observe;
} & (R["access"] extends "public"
  ? { authenticate?: never; recordRefusal?: never }
  : { authenticate: Authenticate; recordRefusal: RecordRefusal }) &
  (R extends { sourceBudget: string } ? { sourceBudget: SourceBudget } : { sourceBudget?: never }) &
  (R extends { meters: object } ? { meter: Meter } : { meter?: never }) &
  (R extends { screens: object } ? { screenBody: Screen } : { screenBody?: never });

export type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

const NoQuery = z.strictObject({});

/** Time kept back before Lambda's own time-out, so that a slow dependency becomes a problem and is measured. */
const timeoutReserveMs = 200;

/** Answers to guesses: they cost their source more than a request that succeeds. */
const provesNothing: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "invalid-credentials",
  "invalid-ticket",
  "invalid-code",
  "invalid-device-proof",
  "too-many-requests",
]);

/** Answers that go on record with the member who got them (ASVS 16.3.2). */
const refusals: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "forbidden",
  "invalid-token",
  "role-above-own",
  "last-owner",
]);

/** Also a permission that asks for more proof, and an attempt to change what is absent or foreign. */
const isRefusal = ({ code, extra }: Problem, { method }: Route): boolean =>
  refusals.has(code) ||
  (code === "insufficient-authentication" && extra["permission"] !== undefined) ||
  (code === "not-found" && method !== "GET");

/** What the steps of one request hand on. */
interface State extends Record<string, unknown> {
  /**
   * Whose budget was spent: the address of the connection, as the gateway saw it; headers that name
   * another are not believed.
   */
  sourceIp: string | undefined;
  startedAtMs: number;
  started: StartedInvocation | undefined;
  body: unknown;
  /** Whose token was verified; the caller, once it is known that they may call. */
  member: IdentifiedMember | undefined;
  caller: Caller | undefined;
  origin: Origin;
  metered: Metered | undefined;
}

/**
 * Makes a Lambda handler of a route row and its rule. Order: timing, the source's budget, JSON body, authentication and
 * authorization, validation, screening, metering, the rule; whatever is thrown on the way leaves as a problem (RFC 9457),
 * and every invocation is observed once, whichever path it takes.
 */
export function operation<R extends Route, Dependencies>(
  route: R,
  rule: Rule<R, Dependencies>,
  dependencies: Dependencies & OperationDependencies<R>,
): Handler {
  const { observe, authenticate } = dependencies;
  const sourceBudget = dependencies.sourceBudget as SourceBudget | undefined;
  const recordRefusal = dependencies.recordRefusal as RecordRefusal | undefined;
  const meter = dependencies.meter as Meter | undefined;
  const screenBody = dependencies.screenBody as Screen | undefined;
  const wrapped = middy<
    APIGatewayProxyEventV2,
    APIGatewayProxyStructuredResultV2,
    Error,
    Context,
    State
  >({
    timeoutEarlyInMillis: timeoutReserveMs,
    timeoutEarlyResponse: () => {
      throw new Problem("timeout", { headers: { "retry-after": "1" } });
    },
    // Hooks, not middlewares: they fire on every path, an early answer and an error included.
    requestStart: ({ internal, context }) => {
      (internal as State).startedAtMs = performance.now();
      (internal as State).started = observe.start?.(context);
    },
    requestEnd: ({ context, error, internal, response: answer }) => {
      const { startedAtMs, started, member } = internal as State;
      const problem = error ? toProblem(error) : undefined;
      observe({
        requestId: context.awsRequestId,
        status: answer?.statusCode ?? 500,
        durationMs: performance.now() - startedAtMs,
        problemCode: problem?.code,
        manufacturerId: member?.manufacturerId,
        cause: problem && problem.status >= 500 ? (problem.cause ?? problem) : undefined,
        started,
      });
    },
  })
    .before(async function spendSourceBudget({ event, internal }) {
      if (!route.sourceBudget) return;
      if (!sourceBudget) throw new Error(`${route.operationId} spends but has no budget`);
      const { sourceIp } = event.requestContext.http;
      await sourceBudget.spend(sourceIp);
      internal.sourceIp = sourceIp;
    })
    .before(function parseBody({ event, internal }) {
      if (!route.body) return;
      const isLeftOut = route.isBodyOptional && !event.body;
      internal.body = isLeftOut ? {} : readJsonBody(event, route.bodyBytesMax);
    })
    .before(async function authenticateCaller({ event, internal, context }) {
      internal.origin = requestOrigin(event, context.awsRequestId, undefined);
      if (route.access === "public") return;
      if (!authenticate)
        throw new Error(`${route.operationId} is protected but cannot authenticate`);
      const { authorization } = event.headers;
      internal.caller = await authenticate(authorization, route.access, (member) => {
        internal.member = member;
        internal.origin = requestOrigin(event, context.awsRequestId, member);
      });
    })
    .before(function validateRequest(request) {
      const { event, internal } = request;
      const input = toOperationRequest(route, event, internal);
      request.event = input as unknown as APIGatewayProxyEventV2;
    })
    .before(async function screenForAttacks({ internal }) {
      if (!route.screens) return;
      if (!screenBody) throw new Error(`${route.operationId} screens but has no screen`);
      const { body, caller, origin } = internal;
      const { operationId } = route;
      await screenBody(body, route.screens, { operationId, origin, caller });
    })
    .before(async function chargeCaller({ internal, context }) {
      if (!route.meters) return;
      const { caller } = internal;
      if (!meter || !caller) throw new Error(`${route.operationId} meters but cannot charge`);
      internal.metered = await meter(route.meters, {
        manufacturerId: caller.manufacturerId,
        memberId: caller.memberId,
        requestId: context.awsRequestId,
      });
    })
    .onError(async function answerProblem({ error, context, internal }) {
      const problem = toProblem(error);
      if (internal.sourceIp !== undefined && provesNothing.has(problem.code)) {
        sourceBudget?.spendFailure(internal.sourceIp);
      }
      const { metered, member, origin } = internal;
      if (member && isRefusal(problem, route)) {
        await recordRefusal?.({
          manufacturerId: member.manufacturerId,
          actorId: member.memberId,
          operation: route.operationId,
          code: problem.code,
          permission: problem.extra["permission"] as string | undefined,
          origin,
        });
      }
      if (problem.status >= 500) await metered?.refund();
      return problemResponse(problem, context.awsRequestId, metered?.headers);
    })
    .after(function addRateLimit({ response: answer, internal }) {
      if (answer && internal.metered) Object.assign(answer.headers ?? {}, internal.metered.headers);
    });

  return wrapped.handler(async (event, context, { signal }) => {
    const input = event as unknown as OperationRequest<R>;
    const answer = await rule({ ...input, signal }, dependencies);
    return answer instanceof Reply
      ? response(route.success.status, answer.body, context.awsRequestId, answer.headers)
      : response(
          route.success.status,
          answer instanceof JsonText ? answer.text : answer,
          context.awsRequestId,
        );
  }) as Handler;
}

/** Validates every part the route declares and names all bad places of all parts at once. */
function toOperationRequest(
  route: Route,
  event: APIGatewayProxyEventV2,
  { body, caller, origin }: State,
): Omit<OperationRequest<Route>, "signal"> {
  const sent = {
    body,
    params: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    headers: event.headers,
  };
  const parts = ["body", "params", "query", "headers"] as const;
  const validated = parts.map((part) => {
    // A route that reads no query takes none: an option that is not known must not seem to be heard.
    const schema = route[part] ?? (part === "query" ? NoQuery : undefined);
    return schema ? validatePart(part, schema, sent[part]) : { value: undefined, errors: [] };
  });
  const errors = validated.flatMap((part): FieldError[] => part.errors);
  if (errors.length > 0) throw invalidRequest(errors);
  const [validBody, params, query, headers] = validated.map(({ value }) => value);
  return {
    body: validBody,
    bodyText: () => bodyText(event),
    params,
    query,
    headers,
    caller,
    requestId: origin.requestId,
    origin,
  } as Omit<OperationRequest<Route>, "signal">;
}
