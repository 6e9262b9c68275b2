import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { sealPasswordHash } from "../../../lib/accounts/sealed-sign-up.ts";
import type { Ticket } from "../../../lib/accounts/store.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { hashTicketToken } from "../../../lib/accounts/ticket.ts";
import type { TicketAttempts } from "../../../lib/accounts/ticket-store.ts";
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
const racers = 40;
const allowed = 4;

async function putLink(): Promise<string> {
  const token = newSecret();
  const content: Ticket = {
    ticketId: newId("ticket"),
    kind: "sign-up",
    email: "maria@rohrwerk.example",
    expiresAtMs: Date.now() + 60_000,
    manufacturerId: newId("manufacturer"),
    memberId: newId("member"),
    passwordHash: sealPasswordHash(token, cheapHash("tidal copper vex")),
  };
  const { Put } = putTicket(services.tableNames.identity, { token, content });
  if (Put) await services.documents.send(new PutCommand(Put));
  return token;
}

const attemptsOf = (): TicketAttempts =>
  ticketAttempts(services.documents, services.tableNames.identity, Date.now);

/** Reads the counter, decides, and counts afterwards. */
const naiveAttempts = (allHaveLooked = barrier(racers)): TicketAttempts => ({
  ...attemptsOf(),
  charge: async (token) => {
    const key = {
      TableName: services.tableNames.identity,
      Key: identityKeys.ticket(hashTicketToken(token)),
    };
    const { Item } = await services.documents.send(new GetCommand(key));
    if (Number(Item?.["failures"] ?? 0) >= allowed)
      return { charged: false, reason: "disabled", item: Item };
    await allHaveLooked();
    await services.documents.send(
      new UpdateCommand({
        ...key,
        UpdateExpression: "SET failures = if_not_exists(failures, :zero) + :one",
        ExpressionAttributeValues: { ":zero": 0, ":one": 1 },
      }),
    );
    return { charged: true, item: Item ?? {} };
  },
});

/** How many of many wrong passwords at once are held against the one that was chosen. */
async function countCompared(attempts: TicketAttempts): Promise<number> {
  const token = await putLink();
  const { rejected } = await race(racers, () =>
    verifyEmail(
      { body: { token, password: "not the one" }, origin: systemOrigin("race") } as Parameters<
        typeof verifyEmail
      >[0],
      {
        accounts: accountStore(services.documents, services.tableNames),
        attempts,
        encryption: createKeyScene(services).createEnvironment(),
        passwordScheme: "argon2id",
        secret: secretsOf(secretOf(1)),
        recordFailure: async () => {},
        now: Date.now,
      },
    ),
  );
  return rejected.filter((error) => (error as { code?: string }).code === "invalid-credentials")
    .length;
}

describe(`${racers} wrong passwords at once for one link`, () => {
  test("four of them are compared", async () => {
    expect(await countCompared(attemptsOf())).toBe(allowed);
  });

  test("negative control: looking first and counting then compares all", async () => {
    expect(await countCompared(naiveAttempts())).toBe(racers);
  });
});
