import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { routes } from "../../../lib/routes.ts";
import { toGatewayEvent } from "../../../local/gateway-event.ts";

const [route] = routes;
if (!route) throw new Error("there are no routes");

const eventOf = (rawQueryString: string) =>
  toGatewayEvent({
    message: {
      method: "GET",
      headersDistinct: {},
      httpVersion: "1.1",
      socket: { remoteAddress: "127.0.0.1" },
    } as unknown as IncomingMessage,
    decodedPath: "/v1/things",
    rawQueryString,
    body: Buffer.alloc(0),
    match: { route, params: {} },
    nowMs: 0,
  });

const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((value) => value.isWellFormed());

test("a query arrives as it was meant, repeated names joined by commas", () => {
  const names = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(fc.array(fc.tuple(names, text), { minLength: 1, maxLength: 6 }), (pairs) => {
      const { queryStringParameters = {} } = eventOf(new URLSearchParams(pairs).toString());
      const byName = Map.groupBy(pairs, ([name]) => name);
      for (const [name, group] of byName) {
        expect(Object.hasOwn(queryStringParameters, name)).toBe(true);
        expect(queryStringParameters[name]).toBe(group.map(([, value]) => value).join(","));
      }
    }),
  );
});

test("whatever stands behind the question mark is an event of strings, never a failure", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (query) => {
      const { queryStringParameters = {} } = eventOf(query);
      for (const value of Object.values(queryStringParameters)) expect(typeof value).toBe("string");
    }),
  );
});
