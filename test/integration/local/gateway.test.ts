import { once } from "node:events";
import { request } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as z from "zod/mini";
import type { Route } from "../../../lib/http/route.ts";
import { FunctionTimeout } from "../../../local/function-host.ts";
import { startGateway } from "../../../local/gateway.ts";
import type { Listener } from "../../../local/listen.ts";
import type { HttpClient } from "../../support/http-client.ts";
import { httpClient } from "../../support/http-client.ts";

const route = (operationId: string, method: Route["method"], path: Route["path"]): Route => ({
  operationId,
  domain: "access",
  summary: "",
  uses: [],
  latencyBudgetMs: 1,
  method,
  path,
  access: "public",
  success: { status: 200, schema: z.object({ ok: z.literal(true) }) },
  problems: [],
});

const routes = [
  route("createThing", "POST", "/v1/things"),
  route("readThing", "GET", "/v1/things/{thingId}"),
];

const nowMs = Date.UTC(2026, 10, 24, 3, 4, 5);
let events: APIGatewayProxyEventV2[];
let failures: unknown[];
let answer: () => unknown;
let gateway: Listener;
let http: HttpClient;

beforeAll(async () => {
  gateway = await startGateway({
    routes,
    now: () => nowMs,
    invoke: async (_operationId, event) => {
      events.push(event as APIGatewayProxyEventV2);
      return answer();
    },
    onFailure: (_operationId, error) => failures.push(error),
  });
  http = httpClient(gateway.url);
});
afterAll(() => gateway.close());
beforeEach(() => {
  events = [];
  failures = [];
  answer = () => ({ statusCode: 200, body: '{"ok":true}' });
});

test("a request reaches the function as an event of payload format 2.0", async () => {
  await http.raw("/v1/things/a%20%C3%BC?x=1&y=a%26b&x=2", {
    headers: { Cookie: "a=1; b=2", "User-Agent": "test/1", "X-Twice": "1" },
  });
  const [event] = events;
  expect(event).toMatchObject({
    version: "2.0",
    routeKey: "GET /v1/things/{thingId}",
    rawPath: "/v1/things/a ü",
    rawQueryString: "x=1&y=a%26b&x=2",
    queryStringParameters: { x: "1,2", y: "a&b" },
    pathParameters: { thingId: "a ü" },
    cookies: ["a=1", "b=2"],
    isBase64Encoded: false,
    requestContext: {
      stage: "$default",
      time: "24/Nov/2026:03:04:05 +0000",
      timeEpoch: nowMs,
      http: {
        method: "GET",
        path: "/v1/things/a ü",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "test/1",
      },
    },
  });
  expect(event?.headers).not.toHaveProperty("cookie");
  expect(event?.headers["x-twice"]).toBe("1");
  expect(event).not.toHaveProperty("body");
  expect(event).not.toHaveProperty("stageVariables");
});

test("a repeated header arrives joined by commas", async () => {
  const outgoing = request(`${gateway.url}/v1/things/1`, { headers: { "x-twice": ["1", "2"] } });
  const [response] = (await once(outgoing.end(), "response")) as [NodeJS.ReadableStream];
  response.resume();
  expect(events[0]?.headers["x-twice"]).toBe("1,2");
});

test("no query and no parameters are absent, not empty", async () => {
  await http.post("/v1/things", { body: {} });
  expect(events[0]).not.toHaveProperty("queryStringParameters");
  expect(events[0]).not.toHaveProperty("pathParameters");
  expect(events[0]).not.toHaveProperty("cookies");
});

test("JSON arrives as text, anything else as base64", async () => {
  await http.post("/v1/things", { body: { name: "ü" } });
  const bytes = Buffer.from([0, 255, 10]);
  await http.raw("/v1/things", {
    method: "POST",
    body: bytes,
    headers: { "content-type": "application/octet-stream" },
  });
  expect(events.map(({ body, isBase64Encoded }) => [body, isBase64Encoded])).toEqual([
    ['{"name":"ü"}', false],
    [bytes.toString("base64"), true],
  ]);
});

test("a function's status, headers, cookies and binary body become the answer", async () => {
  const body = Buffer.from([1, 2, 250]);
  answer = () => ({
    statusCode: 201,
    headers: { "Content-Type": "image/png", "X-Number": 7 },
    cookies: ["a=1; Secure", "b=2"],
    body: body.toString("base64"),
    isBase64Encoded: true,
  });
  const response = await fetch(`${gateway.url}/v1/things/1`);
  expect(response.status).toBe(201);
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(response.headers.get("x-number")).toBe("7");
  expect(response.headers.getSetCookie()).toEqual(["a=1; Secure", "b=2"]);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(body);
});

test("a result without a status is the JSON body of a 200", async () => {
  answer = () => ({ hello: 1 });
  expect(await http.get("/v1/things/1")).toMatchObject({ status: 200, body: { hello: 1 } });
});

test("an unknown path, method, an encoded slash and HEAD are not found, and no function runs", async () => {
  for (const [method, path] of [
    ["GET", "/v1/nothing"],
    ["DELETE", "/v1/things/1"],
    ["GET", "/v1/things/a%2Fb"],
    ["GET", "/v1/things/"],
    ["GET", "/__local/clock"],
  ] as const) {
    expect(await http.raw(path, { method })).toMatchObject({
      status: 404,
      body: { message: "Not Found" },
    });
  }
  expect((await http.raw("/v1/things/1", { method: "HEAD" })).status).toBe(404);
  expect(events).toEqual([]);
});

test("a path that is not well encoded is a bad request", async () => {
  expect((await http.get("/v1/things/%zz")).status).toBe(400);
  expect(events).toEqual([]);
});

test("10 MB of body are accepted and not a byte more", async () => {
  const limit = 10 * 1024 * 1024;
  const send = (bytes: number) =>
    http.raw("/v1/things", { method: "POST", body: new Uint8Array(bytes) });
  expect((await send(limit)).status).toBe(200);
  expect(await send(limit + 1)).toMatchObject({
    status: 413,
    body: { message: "Request Entity Too Large" },
  });
  expect(events).toHaveLength(1);
});

test("request line and headers beyond the gateway's limit never reach the function", async () => {
  const limit = 10_240;
  expect(await http.get("/v1/things/1", { headers: { "x-long": "x".repeat(9000) } })).toMatchObject(
    {
      status: 200,
    },
  );
  const tooLong = [
    http.get("/v1/things/1", { headers: { "x-long": "x".repeat(limit) } }),
    http.get(`/v1/things/1?long=${"x".repeat(limit)}`),
    http.get(`/v1/things/${"x".repeat(5 * limit)}`),
  ];
  for (const answered of await Promise.all(tooLong)) {
    expect(answered).toMatchObject({
      status: 431,
      body: { message: "Request Header Fields Too Large" },
    });
  }
  expect(events).toHaveLength(1);
});

test("what a function throws is told to the operator and not to the client", async () => {
  answer = () => {
    throw new Error("secret detail");
  };
  expect(await http.get("/v1/things/1")).toMatchObject({
    status: 500,
    body: { message: "Internal Server Error" },
  });
  expect(failures).toMatchObject([{ message: "secret detail" }]);
});

test("a function that timed out is unavailable", async () => {
  answer = () => {
    throw new FunctionTimeout("readThing", 1);
  };
  expect((await http.get("/v1/things/1")).status).toBe(503);
});

test("with checking on, an answer that breaks its route's promise is a loud 599", async () => {
  const strict = await startGateway({
    routes,
    now: () => nowMs,
    validateResponses: true,
    invoke: async () => answer(),
  });
  const client = httpClient(strict.url);
  expect((await client.get("/v1/things/1")).status).toBe(200);
  answer = () => ({ statusCode: 200, body: '{"ok":false}' });
  const { status, body } = await client.get("/v1/things/1");
  expect(status).toBe(599);
  expect(body.message).toContain("readThing: /ok");
  await strict.close();
});
