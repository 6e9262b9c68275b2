import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { safeParse } from "zod/mini";
import { TicketToken } from "../../../lib/accounts/fields.ts";
import { hashTicketToken, ticketToken } from "../../../lib/accounts/ticket.ts";

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
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
  const key = randomBytes(32);
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

test("nothing but 43 characters of base64url is looked up", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const isAccepted = safeParse(TicketToken, text).success;
      expect(isAccepted).toBe(/^[\w-]{43}$/.test(text) && !text.endsWith("\n"));
    }),
  );
});
