import { beforeAll, describe, expect, test } from "vitest";
import { safeParse, toJSONSchema } from "zod/mini";
import type { Role } from "../../../lib/access/policy.ts";
import { ruleOf } from "../../../lib/access/policy.ts";
import type { Route } from "../../../lib/http/route.ts";
import { permissionOf } from "../../../lib/http/route.ts";
import { routes } from "../../../lib/routes.ts";
import type { HttpAnswer } from "../../support/http-client.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { createFirstOperator, signUpWithFactor } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
let owner: SignedInMember;
let operator: SignedInMember;
beforeAll(async () => {
  owner = await signUpWithFactor(stack);
  operator = await createFirstOperator(stack);
});

/** Somebody whom the row lets in, so that the input is what is refused. */
function tokenFor({ access }: Route): string {
  const permission = permissionOf(access);
  const allowed: readonly Role[] = permission ? ruleOf(permission).roles : ["owner"];
  return (allowed.includes("owner") ? owner : operator).accessToken;
}

const pathOf = ({ path }: Route, parameter = `mem_${"A".repeat(22)}`): string =>
  path.replaceAll(/\{\w+\}/g, encodeURIComponent(parameter));

const sendText = (
  route: Route,
  body: string | Uint8Array<ArrayBuffer> | undefined,
  contentType = "application/json",
): Promise<HttpAnswer> =>
  stack.http.raw(pathOf(route), {
    method: route.method,
    headers: { authorization: `Bearer ${tokenFor(route)}`, "content-type": contentType },
    ...(body === undefined ? {} : { body }),
  });

/** Every refusal is a problem of the caller's, in full. */
function expectRefusal(answer: HttpAnswer, what: string): void {
  expect(answer.status, what).toBeGreaterThanOrEqual(400);
  expect(answer.status, what).toBeLessThan(500);
  expect(answer.headers.get("content-type"), what).toBe("application/problem+json");
}

const fields = Array.from({ length: 10_000 }, (_, index) => `"f${index}":${index}`).join(",");

/** What no operation can mean. */
const malformedBodies: Record<string, string | Uint8Array<ArrayBuffer>> = {
  "nothing at all": "",
  "an open brace": "{",
  "a bare word": "nul",
  "a trailing comma": '{"a":1,}',
  "a NUL byte": "\u0000",
  "malformed UTF-8": new Uint8Array([0x22, 0xc3, 0x28, 0x22]),
  "a byte order mark alone": new Uint8Array([0xef, 0xbb, 0xbf]),
  "brackets 100,000 deep": "[".repeat(100_000),
  "arrays 1,000 deep": `${"[".repeat(1000)}${"]".repeat(1000)}`,
  "objects 1,000 deep": `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`,
  "a number beyond a double": '{"amount":1e999}',
  "a lone surrogate": '{"name":"\\ud800"}',
  "a lone surrogate as a key": '{"\\udfff":1}',
  "an array": "[]",
  "a string": '"text"',
  "a number": "42",
  null: "null",
  true: "true",
};

/** What an operation may mean that takes any object, as a check does; no other. */
const unexpectedObjects: Record<string, string> = {
  "10,000 unknown fields": `{${fields}}`,
  "a prototype": '{"__proto__":{"isAdmin":true}}',
  "a constructor": '{"constructor":{"prototype":{"isAdmin":true}}}',
};

const withBody = routes.filter(({ body }) => body);

describe.each(withBody)("$operationId refuses", (route) => {
  test("every body that no operation can mean", async () => {
    for (const [what, body] of Object.entries(malformedBodies)) {
      expectRefusal(await sendText(route, body), what);
    }
    for (const [what, body] of Object.entries(unexpectedObjects)) {
      const answer = await sendText(route, body);
      if (takes(route, body)) expect(answer.status, what).toBeLessThan(500);
      else expectRefusal(answer, what);
    }
  });

  test("every body beyond its limit, and every media type but JSON", async () => {
    const tooLarge = await sendText(route, `"${"x".repeat(route.bodyBytesMax ?? 1024 * 1024)}"`);
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, "body-too-large"]);
    for (const type of ["text/plain", "application/xml", "multipart/form-data", "json", ""]) {
      const answer = await sendText(route, "{}", type);
      expect([answer.status, answer.body.code], type).toEqual([415, "unsupported-media-type"]);
    }
  });

  test("every value of the wrong kind in each of its fields", async () => {
    for (const name of fieldsOf(route.body)) {
      for (const value of wrongValues) {
        const text = `{${JSON.stringify(name)}:${value}}`;
        if (!takes(route, text)) expectRefusal(await sendText(route, text), text.slice(0, 80));
      }
    }
  });
});

const takes = ({ body }: Route, text: string): boolean =>
  body !== undefined && safeParse(body, JSON.parse(text)).success;

const wrongValues = [
  "null",
  "true",
  "0",
  "-1",
  "1e308",
  "9007199254740993",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"😀"',
  "[]",
  "{}",
  '{"$gt":""}',
  '{"__proto__":{"a":1}}',
  '[[[["a"]]]]',
  `"${"x".repeat(5000)}"`,
];

function fieldsOf(part: Route["body"]): string[] {
  if (!part) return [];
  const { properties = {} } = toJSONSchema(part, { io: "input", unrepresentable: "any" });
  return Object.keys(properties);
}

const strangeTexts = [
  "",
  "0",
  "-1",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "' OR 1=1 --",
  "%00",
  "\u0000",
  "\ud83d\ude00",
  "a".repeat(2000),
  "e30",
  "2026-99-99T99:99:99Z",
];

describe("no query and no path parameter, however strange, is an error of ours", () => {
  test.each(routes.filter(({ query }) => query))("$operationId's query", async (route) => {
    for (const name of [...fieldsOf(route.query), "unknown", "__proto__"]) {
      for (const value of strangeTexts) {
        const answer = await stack.http.raw(
          `${pathOf(route)}?${new URLSearchParams({ [name]: value })}`,
          {
            method: route.method,
            headers: { authorization: `Bearer ${tokenFor(route)}` },
          },
        );
        expect(answer.status, `${name}=${value}`).toBeLessThan(500);
      }
    }
  });

  test.each(routes.filter(({ path }) => path.includes("{")))(
    "$operationId's path",
    async (route) => {
      for (const value of strangeTexts.filter((text) => text !== "")) {
        const answer = await stack.http.raw(pathOf(route, value), {
          method: route.method,
          headers: {
            authorization: `Bearer ${tokenFor(route)}`,
            "content-type": "application/json",
          },
          ...(route.body ? { body: "{}" } : {}),
        });
        expect(answer.status, value).toBeGreaterThanOrEqual(400);
        expect(answer.status, value).toBeLessThan(500);
      }
    },
  );
});

describe("every answer, a refusal included", () => {
  test.each(routes)(
    "$operationId sends the security headers and names the request",
    async (route) => {
      const { headers } = await stack.http.raw(pathOf(route), {
        method: route.method,
        headers: { "content-type": "application/json" },
        ...(route.body ? { body: "[]" } : {}),
      });
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("strict-transport-security")).toContain("max-age=");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBeTruthy();
      expect(headers.get("x-request-id")).toBeTruthy();
    },
  );
});
