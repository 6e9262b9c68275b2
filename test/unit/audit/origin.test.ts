import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { expect, test } from "vitest";
import { requestOrigin, systemOrigin } from "../../../lib/audit/origin.ts";
import { auditPut } from "../../../lib/audit/record.ts";

const requestFrom = (sourceIp: string, userAgent?: string) =>
  ({ requestContext: { http: { sourceIp, userAgent } } }) as unknown as APIGatewayProxyEventV2;

const userAgentOf = (sent: string) =>
  requestOrigin(requestFrom("2001:db8::1", sent), "req-1", undefined).userAgent;

test("a request's origin is its id, the gateway's view of the address, and what the client calls itself", () => {
  expect(
    requestOrigin(requestFrom("2001:db8::1", "Tablet/1"), "req-1", { manufacturerId: "mfr_1" }),
  ).toEqual({
    requestId: "req-1",
    actorKind: "member",
    sourceAddress: "2001:db8::1",
    userAgent: "Tablet/1",
  });
});

test("a member of the platform is an operator", () => {
  const caller = { manufacturerId: "platform" };
  expect(requestOrigin(requestFrom("192.0.2.1"), "req-1", caller)).toMatchObject({
    actorKind: "operator",
    userAgent: undefined,
  });
});

test("a user agent keeps 256 characters", () => {
  expect(userAgentOf("a".repeat(256))).toBe("a".repeat(256));
  expect(userAgentOf(`${"a".repeat(256)}b`)).toBe("a".repeat(256));
});

test.each([
  ["a line feed", "a\nb"],
  ["NUL", "a\0b"],
  ["a C1 control", "a\u0085b"],
  ["a direction override", "a\u202Eb"],
  ["a zero-width space", "a\u200Bb"],
  ["a line separator", "a\u2028b"],
  ["a lone surrogate", "a\uD800b"],
])("%s in a user agent becomes the replacement character", (_, sent) => {
  expect(userAgentOf(sent)).toBe("a\uFFFDb");
});

test("a pair that the limit cuts in two leaves no half of it", () => {
  expect(userAgentOf(`${"a".repeat(255)}😀`)).toBe(`${"a".repeat(255)}\uFFFD`);
});

test.each([
  ["the member that a success names", "mfr_1", "mem_1", "member"],
  ["the operator that a success names", "platform", "mem_1", "operator"],
  ["nobody known", "mfr_1", undefined, "anonymous"],
])("an entry of a request without a token is of %s", (_, manufacturerId, actorId, actorKind) => {
  const origin = requestOrigin(requestFrom("192.0.2.1"), "req-1", undefined);
  const entry = { manufacturerId, actorId, action: "a.b.c", outcome: "success" as const, origin };
  expect(auditPut("audit", { ...entry, timeMs: 0 }).Put?.Item).toMatchObject({
    actorKind,
    sourceAddress: "192.0.2.1",
  });
});

test("an operator's act in a manufacturer's trail stays an operator's", () => {
  const origin = requestOrigin(requestFrom("192.0.2.1"), "req-1", { manufacturerId: "platform" });
  const { Put } = auditPut("audit", {
    manufacturerId: "mfr_1",
    actorId: "mem_1",
    action: "a.b.c",
    outcome: "success",
    origin,
    timeMs: 0,
  });
  expect(Put?.Item).toMatchObject({ actorKind: "operator", requestId: "req-1" });
});

test("the platform itself is the system", () => {
  expect(systemOrigin("stream-1")).toEqual({ requestId: "stream-1", actorKind: "system" });
});
