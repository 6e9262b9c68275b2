import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { acceptInvitation } from "../../../lib/accounts/accept-invitation.ts";
import type { InvitationStore, InvitedMember } from "../../../lib/accounts/invitation-store.ts";
import { invitationStore } from "../../../lib/accounts/invitation-store.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { hashTicketToken } from "../../../lib/accounts/ticket.ts";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId, newSecret } from "../../../lib/id.ts";
import { callerOf, putMember } from "../../support/members.ts";
import { barrier, race } from "../../support/race.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const racers = 50;
const accounts = () => accountStore(services.documents, services.tableNames);
const store = (): InvitationStore => invitationStore(services.documents, services.tableNames);

async function invite(): Promise<string> {
  const token = newSecret();
  const manufacturerId = newId("manufacturer");
  const inviter = await putMember(services, manufacturerId, "owner");
  const expiresAtMs = Date.now() + 60_000;
  const member: InvitedMember = {
    manufacturerId,
    memberId: newId("member"),
    name: "Jonas Weber",
    email: "jonas@rohrwerk.example",
    emailHash: newSecret(),
    roles: ["viewer"],
    status: "invited",
    createdAtMs: 0,
    sessionsValidFromMs: 0,
    endedSessions: {},
    invitedBy: inviter.memberId,
    invitedAtMs: Date.now(),
    invitationExpiresAtMs: expiresAtMs,
  };
  const { memberId, email } = member;
  const content = {
    ticketId: newId("ticket"),
    kind: "invitation" as const,
    email,
    expiresAtMs,
    manufacturerId,
    memberId,
  };
  await store().inviteMember(
    callerOf(inviter, "members:write"),
    member,
    { token, content },
    {
      manufacturerId,
      action: "accounts.member.invited",
      outcome: "success",
      origin: systemOrigin("race"),
      timeMs: Date.now(),
    },
  );
  return token;
}

/** Looks whether the link was used, then writes. */
const naiveStore = (allHaveLooked = barrier(racers)): InvitationStore => ({
  ...store(),
  acceptInvitation: async (token, member, password) => {
    if ((await accounts().readTicket(token))?.redeemedAtMs) {
      return { committed: false, failed: new Map([[0, undefined]]) };
    }
    await allHaveLooked();
    const { manufacturerId, memberId, emailHash } = member;
    const TableName = services.tableNames.identity;
    const Item = { ...identityKeys.login(emailHash), manufacturerId, memberId, ...password };
    await services.documents.send(new PutCommand({ TableName, Item }));
    await services.documents.send(
      new UpdateCommand({
        TableName,
        Key: identityKeys.ticket(hashTicketToken(token)),
        UpdateExpression: "SET redeemedAtMs = :now",
        ExpressionAttributeValues: { ":now": Date.now() },
      }),
    );
    return { committed: true };
  },
});

/** How many of those who follow one link at once are told that their password counts. */
async function countAccepted(invitations: InvitationStore): Promise<number> {
  const token = await invite();
  const { fulfilled } = await race(racers, (index) =>
    acceptInvitation(
      {
        body: { token, password: `tidal copper vex ${index}` },
        origin: systemOrigin("race"),
      } as Parameters<typeof acceptInvitation>[0],
      {
        accounts: accounts(),
        invitations,
        secret: secretsOf(secretOf(1)),
        passwordScheme: "argon2id",
        now: Date.now,
      },
    ),
  );
  return fulfilled.length;
}

describe(`${racers} people follow one invitation's link at once`, () => {
  test("one of them is the member", async () => {
    expect(await countAccepted(store())).toBe(1);
  });

  test("negative control: looking first and writing then tells all that they are", async () => {
    expect(await countAccepted(naiveStore())).toBe(racers);
  });
});
