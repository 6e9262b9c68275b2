import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { changeMemberRole } from "../../../lib/accounts/change-member-role.ts";
import { createMember } from "../../../lib/accounts/create-member.ts";
import { invitationStore } from "../../../lib/accounts/invitation-store.ts";
import { memberStore } from "../../../lib/accounts/member-store.ts";
import { removeMember } from "../../../lib/accounts/remove-member.ts";
import type { Member } from "../../../lib/accounts/store.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId } from "../../../lib/id.ts";
import { holdWrites } from "../../support/hold-writes.ts";
import { callerOf, putManufacturer, putMember } from "../../support/members.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const manufacturerId = newId("manufacturer");

const dependencies = (documents = services.documents) => ({
  accounts: accountStore(documents, services.tableNames),
  invitations: invitationStore(documents, services.tableNames),
  members: memberStore(documents, services.tableNames),
  secret: secretsOf(secretOf(1)),
  now: Date.now,
});

const requestOf = (caller: Member, rest: object) =>
  ({
    caller: callerOf(caller, "members:write"),
    origin: { requestId: "request" },
    ...rest,
  }) as never;

async function scene() {
  await putManufacturer(services, manufacturerId, 2);
  const [owner, actor, viewer] = await Promise.all([
    putMember(services, manufacturerId, "owner"),
    putMember(services, manufacturerId, "owner"),
    putMember(services, manufacturerId, "viewer"),
  ]);
  const params = { memberId: actor.memberId };
  return {
    actor,
    viewer,
    removeActor: () => removeMember(requestOf(owner, { params }), dependencies()),
  };
}

/** Lets the actor check their right, removes them, and lets them go on. */
async function removedMeanwhile(
  { removeActor }: { removeActor: () => Promise<unknown> },
  act: (held: ReturnType<typeof dependencies>) => Promise<unknown>,
): Promise<unknown> {
  const held = holdWrites(services.documents);
  const result = act(dependencies(held.documents)).then(
    () => "done",
    (error: unknown) => error,
  );
  // One that fails early would never arrive.
  await Promise.race([held.arrived, result]);
  await removeActor();
  held.release();
  return result;
}

test("an owner who is removed while promoting somebody promotes nobody", async () => {
  const { actor, viewer, removeActor } = await scene();
  const answer = await removedMeanwhile({ removeActor }, (held) =>
    changeMemberRole(
      requestOf(actor, { params: { memberId: viewer.memberId }, body: { role: "owner" } }),
      held,
    ),
  );
  expect(answer).toMatchObject({ code: "invalid-token", extra: { reason: "session-ended" } });
  const { Item } = await services.documents.send(
    new GetCommand({
      TableName: services.tableNames.identity,
      Key: identityKeys.member(manufacturerId, viewer.memberId),
      ConsistentRead: true,
    }),
  );
  expect(Item?.["roles"]).toEqual(["viewer"]);
});

test("an owner who is removed while inviting somebody invites nobody", async () => {
  const { actor, removeActor } = await scene();
  const answer = await removedMeanwhile({ removeActor }, (held) =>
    createMember(
      requestOf(actor, { body: { name: "Jonas", email: "jonas@rohrwerk.example", role: "admin" } }),
      held,
    ),
  );
  expect(answer).toMatchObject({ code: "invalid-token", extra: { reason: "session-ended" } });
});
