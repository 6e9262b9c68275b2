import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { accountId } from "./aws-account.ts";
import type { RouteMatch } from "./match-route.ts";

export interface GatewayRequest {
  message: IncomingMessage;
  decodedPath: string;
  rawQueryString: string;
  body: Buffer;
  match: RouteMatch;
  nowMs: number;
}

/** Content types whose body API Gateway passes on as text; every other one as base64. */
const textTypes = /^(?:text\/|application\/(?:json|javascript|xml)\b)/i;

/** The request as an HTTP API hands it to Lambda, payload format 2.0. */
export function toGatewayEvent({
  message,
  decodedPath,
  rawQueryString,
  body,
  match: { route, params },
  nowMs,
}: GatewayRequest): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = joinHeaders(message.headersDistinct);
  const query = joinQuery(rawQueryString);
  const isText = textTypes.test(headers["content-type"] ?? "");
  const routeKey = `${route.method} ${route.path}`;
  return {
    version: "2.0",
    routeKey,
    rawPath: decodedPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: { ...headers, "x-forwarded-for": sourceIpOf(message), "x-forwarded-proto": "http" },
    ...(query && { queryStringParameters: query }),
    ...(Object.keys(params).length > 0 && { pathParameters: params }),
    ...(body.length > 0 && { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
    requestContext: {
      accountId,
      apiId: "local",
      domainName: headers["host"] ?? "",
      domainPrefix: "local",
      http: {
        method: message.method ?? "",
        path: decodedPath,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: sourceIpOf(message),
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey,
      stage: "$default",
      time: commonLogTime(nowMs),
      timeEpoch: nowMs,
    },
  };
}

const sourceIpOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? "";

const joinHeaders = (headers: NodeJS.Dict<string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, values = []]) => [
      name,
      values.join(name === "cookie" ? "; " : ","),
    ]),
  );

function joinQuery(rawQueryString: string): Record<string, string> | undefined {
  const parameters = new URLSearchParams(rawQueryString);
  const names = new Set(parameters.keys());
  if (names.size === 0) return undefined;
  return Object.fromEntries([...names].map((name) => [name, parameters.getAll(name).join(",")]));
}

/** `24/Nov/2026:03:43:42 +0000`, the form of the common log format. */
function commonLogTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}
