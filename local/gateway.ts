import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { Route } from "../lib/http/route.ts";
import { checkAnswer } from "./check-answer.ts";
import { toGatewayEvent } from "./gateway-event.ts";
import type { GatewayAnswer } from "./gateway-result.ts";
import { failureAnswer, gatewayAnswer, gatewayMessage, toAnswer } from "./gateway-result.ts";
import { Refused } from "./limits.ts";
import type { Listener } from "./listen.ts";
import { listen } from "./listen.ts";
import type { MatchRoute } from "./match-route.ts";
import { routeMatcher } from "./match-route.ts";
import { readBody } from "./read-body.ts";

export interface GatewayOptions {
  routes: readonly Route[];
  invoke: (operationId: string, event: unknown) => Promise<unknown>;
  /** Epoch ms. */
  now: () => number;
  port?: number | undefined;
  /** Answers 599 instead of anything that breaks the route's promise. */
  validateResponses?: boolean | undefined;
  /** Answers paths below `/__local/`. */
  control?: (method: string, path: string, body: Buffer) => Promise<GatewayAnswer>;
  /** Told of what a function threw; the client is not. */
  onFailure?: (operationId: string, error: unknown) => void;
}

/** API Gateway's limit for a request body. */
const bodyBytesMax = 10 * 1024 * 1024;
/** API Gateway's limit for the request line and the headers together. */
const headerBytesMax = 10_240;
/** Read up to here, so that the answer is the gateway's and not Node's. */
const readableHeaderBytes = 128 * 1024;
const controlPrefix = "/__local/";

/** Serves the product's routes over HTTP as an API Gateway HTTP API does. */
export function startGateway(options: GatewayOptions): Promise<Listener> {
  const match = routeMatcher(options.routes);
  const server = createServer({ maxHeaderSize: readableHeaderBytes }, (message, response) => {
    answerRequest(message, match, options)
      .catch((error: unknown) => {
        options.onFailure?.("gateway", error);
        return failureAnswer(error);
      })
      .then(({ status, headers, body }) => {
        response.writeHead(status, { ...headers, "content-length": body.length });
        response.end(body);
      })
      .catch(() => response.destroy());
  });
  return listen(server, options.port);
}

async function answerRequest(
  message: IncomingMessage,
  match: MatchRoute,
  options: GatewayOptions,
): Promise<GatewayAnswer> {
  const { method = "", url = "/" } = message;
  const body = await readBody(message, bodyBytesMax);
  if (!body) return gatewayAnswer(413);
  if (headerBytesOf(message) > headerBytesMax) return gatewayAnswer(431);
  const { pathname, rawQueryString } = splitTarget(url);
  const decodedPath = decode(pathname);
  if (decodedPath === undefined) return gatewayAnswer(400);
  if (options.control && decodedPath.startsWith(controlPrefix))
    return options.control(method, decodedPath.slice(controlPrefix.length), body);
  const found = match(method, decodedPath);
  if (!found) return gatewayAnswer(404);
  const request = { message, decodedPath, rawQueryString, body, match: found };
  const event = toGatewayEvent({ ...request, nowMs: options.now() });
  return invokeRoute(found.route, event, options);
}

async function invokeRoute(
  route: Route,
  event: unknown,
  { invoke, onFailure, validateResponses }: GatewayOptions,
): Promise<GatewayAnswer> {
  const { operationId } = route;
  try {
    const answer = toAnswer(await invoke(operationId, event));
    const mismatch = validateResponses ? checkAnswer(route, answer) : undefined;
    return mismatch ? gatewayMessage(599, `${operationId}: ${mismatch}`) : answer;
  } catch (error) {
    if (!(error instanceof Refused)) onFailure?.(operationId, error);
    return failureAnswer(error);
  }
}

const headerBytesOf = ({ method = "", url = "", rawHeaders }: IncomingMessage): number =>
  [method, url, ...rawHeaders].reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);

function splitTarget(target: string): { pathname: string; rawQueryString: string } {
  const query = target.indexOf("?");
  return query < 0
    ? { pathname: target, rawQueryString: "" }
    : { pathname: target.slice(0, query), rawQueryString: target.slice(query + 1) };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
