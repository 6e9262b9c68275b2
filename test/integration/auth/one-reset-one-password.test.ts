import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { newPasswordReset } from "../../../lib/accounts/password-reset-ticket.ts";
import type { Member } from "../../../lib/accounts/store.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { putTicket } from "../../../lib/accounts/ticket-store.ts";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { resetPassword } from "../../../lib/auth/reset-password.ts";
import type { SessionStore } from "../../../lib/auth/session-store.ts";
import { sessionStore } from "../../../lib/auth/session-store.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId, newSecret } from "../../../lib/id.ts";
import { barrier, race } from "../../support/race.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const racers = 50;
const store = (): SessionStore => sessionStore(services.documents, services.tableNames, Date.now);

/** A member who has been sent that many links for the password they have. */
async function putLinks(count: number): Promise<string[]> {
  const TableName = services.tableNames.identity;
  const put = (Item: Record<string, unknown>) =>
    services.documents.send(new PutCommand({ TableName, Item }));
  const member: Member = {
    manufacturerId: newId("manufacturer"),
    memberId: newId("member"),
    name: "Maria",
    email: "maria@rohrwerk.example",
    emailHash: newSecret(),
    roles: ["owner"],
    status: "active",
    createdAtMs: 0,
    sessionsValidFromMs: 0,
    endedSessions: {},
  };
  const { manufacturerId, memberId, emailHash } = member;
  await put({ ...identityKeys.member(manufacturerId, memberId), ...member });
  await put({ ...identityKeys.login(emailHash), manufacturerId, memberId, passwordHash: "old" });
  const resets = Array.from({ length: count }, () =>
    newPasswordReset(member, secretOf(1), Date.now()),
  );
  for (const reset of resets) await put(putTicket(TableName, reset).Put?.Item ?? {});
  return resets.map(({ token }) => token);
}

/** Looks whether the password is the one that the link was made for, then writes. */
const naiveStore = (allHaveLooked = barrier(racers)): SessionStore => ({
  ...store(),
  setPassword: async ({ manufacturerId, memberId }, _password, proof) => {
    const key = {
      TableName: services.tableNames.identity,
      Key: identityKeys.member(manufacturerId, memberId),
    };
    const { Item } = await services.documents.send(new GetCommand(key));
    const version = Item?.["passwordVersion"] ?? 0;
    if (!("passwordVersion" in proof) || version !== proof.passwordVersion) {
      return { committed: false, failed: new Map() };
    }
    await allHaveLooked();
    await services.documents.send(
      new UpdateCommand({
        ...key,
        UpdateExpression: "SET passwordVersion = :next",
        ExpressionAttributeValues: { ":next": version + 1 },
      }),
    );
    return { committed: true };
  },
});

/** How many of those who follow different links of one member at once are told that theirs counts. */
async function countSet(sessions: SessionStore): Promise<number> {
  const links = await putLinks(racers);
  const { fulfilled } = await race(racers, (index) =>
    resetPassword(
      {
        body: { token: links[index] ?? "", password: `tidal copper vex ${index}` },
        origin: systemOrigin("race"),
      } as Parameters<typeof resetPassword>[0],
      {
        accounts: accountStore(services.documents, services.tableNames),
        sessions,
        secret: secretsOf(secretOf(1)),
        passwordScheme: "argon2id",
        now: Date.now,
      },
    ),
  );
  return fulfilled.length;
}

describe(`${racers} reset links of one member are followed at once`, () => {
  test("one of them sets the password, and voids the others", async () => {
    expect(await countSet(store())).toBe(1);
  });

  test("negative control: looking first and writing then lets all of them set one", async () => {
    expect(await countSet(naiveStore())).toBe(racers);
  });
});
