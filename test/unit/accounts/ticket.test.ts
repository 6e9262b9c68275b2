import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { safeParse } from "zod/mini";
import { TicketToken } from "../../../lib/accounts/fields.ts";
import {
  hashTicketToken,
  isTicketKeyAccepted,
  newTicketId,
  ticketKeyOf,
  ticketToken,
} from "../../../lib/accounts/ticket.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";

const keys = fc.record({
  version: fc.integer({ min: 1, max: 999_999 }),
  key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});
const ids = fc.string({ minLength: 1, maxLength: 40 });

test("a link's secret is what the operations accept, and needs no escape in a link", () => {
  fc.assert(
    fc.property(ids, keys, (id, key) => {
      const token = ticketToken(id, key);
      expect(safeParse(TicketToken, token).success).toBe(true);
      expect(new URL(`https://front.example/invitation#token=${token}`).hash).toBe(
        `#token=${token}`,
      );
    }),
  );
});

test("another ticket or another key has another secret, which its digest does not show", () => {
  const key = { version: 1, key: randomBytes(32) };
  fc.assert(
    fc.property(ids, ids, keys, (one, other, otherKey) => {
      fc.pre(one !== other);
      const token = ticketToken(one, key);
      expect(ticketToken(other, key)).not.toBe(token);
      expect(ticketToken(one, otherKey)).not.toBe(token);
      expect(hashTicketToken(token)).not.toContain(token);
    }),
  );
});

test("nothing but 43 characters of base64url, behind a version or none, is looked up", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const isAccepted = safeParse(TicketToken, text).success;
      expect(isAccepted).toBe(/^([1-9]\d{0,5}-)?[\w-]{43}$/.test(text) && !text.endsWith("\n"));
    }),
  );
});

test("a link and its ticket name the version of their key, and go with it", async () => {
  const ticketId = newTicketId(secretOf(2));
  const token = ticketToken(ticketId, secretOf(2));
  const both = secretsOf(secretOf(2), secretOf(3));
  expect(await ticketKeyOf(ticketId, both)).toEqual(secretOf(2));
  expect(await isTicketKeyAccepted(token, both)).toBe(true);
  const withdrawn = secretsOf(secretOf(3));
  expect(await ticketKeyOf(ticketId, withdrawn)).toBeUndefined();
  expect(await isTicketKeyAccepted(token, withdrawn)).toBe(false);
});

test("a link from before keys had versions is one of the first", async () => {
  const token = "1-".padEnd(43, "a");
  expect(await isTicketKeyAccepted(token, secretsOf(secretOf(1)))).toBe(true);
  expect(await isTicketKeyAccepted(token, secretsOf(secretOf(2)))).toBe(false);
  expect(await ticketKeyOf("tkt_1", secretsOf(secretOf(1)))).toEqual(secretOf(1));
});
