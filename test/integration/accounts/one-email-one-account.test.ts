import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { sealPasswordHash, sealSignUp } from "../../../lib/accounts/sealed-sign-up.ts";
import type { AccountStore, Ticket } from "../../../lib/accounts/store.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { putTicket, ticketAttempts } from "../../../lib/accounts/ticket-store.ts";
import { verifyEmail } from "../../../lib/accounts/verify-email.ts";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId, newSecret } from "../../../lib/id.ts";
import { cheapHash } from "../../support/cheap-hash.ts";
import { barrier, race } from "../../support/race.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";
import { useServices } from "../../support/services.ts";
import { createKeyScene } from "../encryption/key-scene.ts";

const services = useServices();
const racers = 50;
const password = "tidal copper vex";

/** Puts the links of `count` sign-ups that all claim one address. */
async function putSignUps(count: number): Promise<{ tokens: string[]; emailHash: string }> {
  const emailHash = newSecret();
  const tokens = Array.from({ length: count }, () => newSecret());
  for (const token of tokens) {
    const manufacturerId = newId("manufacturer");
    const content: Ticket = {
      ticketId: newId("ticket"),
      kind: "sign-up",
      email: "maria@rohrwerk.example",
      expiresAtMs: Date.now() + 60_000,
      manufacturerId,
      memberId: newId("member"),
      signUp: sealSignUp(token, {
        profile: {
          manufacturerId,
          legalName: "Rohrwerk",
          country: "DE",
          contact: { email: "office@rohrwerk.example", phone: "+4930123456" },
          createdAtMs: Date.now(),
        },
        ownerName: "Maria",
        emailHash,
        isLongPassword: true,
      }),
      passwordHash: sealPasswordHash(token, cheapHash(password)),
    };
    const { Put } = putTicket(services.tableNames.identity, { token, content });
    if (Put) await services.documents.send(new PutCommand(Put));
  }
  return { tokens, emailHash };
}

const store = (): AccountStore => accountStore(services.documents, services.tableNames);

/** Looks first, then writes: what a statement without the condition comes down to. */
const naiveStore = (allHaveLooked = barrier(racers)): AccountStore => ({
  ...store(),
  redeemSignUp: async (_token, ticket, { emailHash }) => {
    if (await store().findLogin(emailHash)) return { committed: false, failed: new Map() };
    await allHaveLooked();
    const { manufacturerId, memberId } = ticket;
    const Item = { ...identityKeys.login(emailHash), manufacturerId, memberId };
    await services.documents.send(
      new PutCommand({ TableName: services.tableNames.identity, Item }),
    );
    return { committed: true };
  },
});

async function countAccounts(accounts: AccountStore): Promise<number> {
  const { tokens } = await putSignUps(racers);
  const encryption = createKeyScene(services).createEnvironment();
  const { fulfilled } = await race(racers, (index) =>
    verifyEmail(
      {
        body: { token: tokens[index] ?? "", password },
        origin: systemOrigin("race"),
      } as Parameters<typeof verifyEmail>[0],
      {
        accounts,
        attempts: ticketAttempts(services.documents, services.tableNames.identity, Date.now),
        encryption,
        passwordScheme: "argon2id",
        secret: secretsOf(secretOf(1)),
        recordFailure: async () => {},
        now: Date.now,
      },
    ),
  );
  return new Set(fulfilled.map(({ manufacturerId }) => manufacturerId)).size;
}

describe(`${racers} sign-ups with one address follow their links at once`, () => {
  test("one of them has the account", async () => {
    expect(await countAccounts(store())).toBe(1);
  });

  test("negative control: looking first and writing then gives the address to all", async () => {
    expect(await countAccounts(naiveStore())).toBe(racers);
  });
});
