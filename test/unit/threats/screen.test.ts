import middy from "@middy/core";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { Detection } from "../../../lib/threats/detect-threat.ts";
import { screen } from "../../../lib/threats/screen.ts";

const attack = { name: "' OR 1=1 UNION SELECT password FROM users --" };

/** Somebody else's function behind the middleware. */
async function send(
  body: unknown,
  screening: Parameters<typeof screen>[0],
  text?: string | null,
  headers: Record<string, string> | null = { "content-type": "application/json" },
) {
  let handled = false;
  const handler = middy<APIGatewayProxyEventV2, { statusCode: number; body?: string }>()
    .use(screen(screening))
    .handler(async () => {
      handled = true;
      return { statusCode: 200 };
    });
  const event = {
    headers,
    body: text === undefined && body !== undefined ? JSON.stringify(body) : text,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
  const answer = await handler(event, { awsRequestId: "request" } as Context);
  return { handled, status: answer.statusCode, body: JSON.parse(answer.body ?? "{}") };
}

describe("a function behind the screen", () => {
  it("never sees an attack, whose sender is told kind and place", async () => {
    const { handled, status, body } = await send(attack, { mode: "block" });
    expect([handled, status, body.code]).toEqual([false, 422, "threat-detected"]);
    expect(body.errors).toContainEqual({ pointer: "/body/name", code: "sql-injection" });
  });

  it("sees what is only flagged, and somebody is told", async () => {
    const seen: Detection[] = [];
    const { handled } = await send(attack, {
      mode: "flag",
      onThreat: (detection) => void seen.push(detection),
    });
    expect([handled, seen.map(({ threat }) => threat)]).toEqual([true, [true]]);
  });

  it("sees ordinary data, ignored fields and requests without a body", async () => {
    const cases = [{ name: "Elbow 90 degrees, 1/2 inch" }, undefined];
    for (const body of cases) {
      expect((await send(body, { mode: "block" })).handled).toBe(true);
    }
    expect((await send(attack, { mode: "block", ignore: ["/name"] })).handled).toBe(true);
  });

  it("is spared what is no JSON and what is too long to screen", async () => {
    expect(await send(undefined, { mode: "block" }, "{")).toMatchObject({
      handled: false,
      status: 400,
    });
    const long = { name: "a b' ".repeat(60_000) };
    expect(await send(long, { mode: "flag" })).toMatchObject({ handled: false, status: 413 });
  });

  it("sees everything where the screen is off", async () => {
    expect((await send(attack, { mode: "off" })).handled).toBe(true);
    expect((await send(undefined, { mode: "off" }, "{")).handled).toBe(true);
  });

  it("may be behind a REST API, which passes headers as they were sent", async () => {
    const headers = { "Content-Type": "application/json" };
    expect(await send(attack, { mode: "block" }, undefined, headers)).toMatchObject({
      handled: false,
      status: 422,
    });
    expect((await send(undefined, { mode: "block" }, null, null)).handled).toBe(true);
  });

  it("may have had its body read by another middleware before", async () => {
    const parsed = attack as unknown as string;
    expect(await send(undefined, { mode: "block" }, parsed)).toMatchObject({ status: 422 });
  });

  it("gets what onThreat throws as an error of its own, never as an answer", async () => {
    const onThreat = () => Promise.reject(new Error("the queue is down"));
    await expect(send(attack, { mode: "flag", onThreat })).rejects.toThrow("the queue is down");
  });

  it.each([
    { mode: "blok" },
    {},
    { mode: "block", ignore: ["name"] },
    { mode: "block", htmlAllowed: ["/a~2"] },
  ])("does not start with options that cannot be meant: %o", (options) => {
    expect(() => screen(options as Parameters<typeof screen>[0])).toThrow(TypeError);
  });
});
