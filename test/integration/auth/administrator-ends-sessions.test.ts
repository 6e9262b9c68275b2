import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { changeMemberRole } from "../../../lib/accounts/change-member-role.ts";
import { memberStore } from "../../../lib/accounts/member-store.ts";
import { removeMember } from "../../../lib/accounts/remove-member.ts";
import type { Member } from "../../../lib/accounts/store.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { endMemberSessions } from "../../../lib/auth/end-member-sessions.ts";
import { allSessionsEnder } from "../../../lib/auth/member-session-store.ts";
import { startSession } from "../../../lib/auth/session.ts";
import { putSession, sessionStore } from "../../../lib/auth/session-store.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { transact } from "../../../lib/aws/transact.ts";
import { newId } from "../../../lib/id.ts";
import { holdWrites } from "../../support/hold-writes.ts";
import { callerOf, putManufacturer, putMember } from "../../support/members.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const manufacturerId = newId("manufacturer");
const origin = { requestId: "request" };

const dependencies = (documents = services.documents) => ({
  accounts: accountStore(documents, services.tableNames),
  members: memberStore(documents, services.tableNames),
  sessions: sessionStore(documents, services.tableNames, Date.now),
  endAllSessions: allSessionsEnder(documents, services.tableNames),
  now: Date.now,
});

const requestOf = (caller: Member, { memberId }: Member, rest: object = {}) =>
  ({ caller: callerOf(caller, "members:write"), params: { memberId }, origin, ...rest }) as never;

async function scene() {
  await putManufacturer(services, manufacturerId, 2);
  const [owner, admin, viewer] = await Promise.all([
    putMember(services, manufacturerId, "owner"),
    putMember(services, manufacturerId, "admin"),
    putMember(services, manufacturerId, "viewer"),
  ]);
  return { owner, admin, viewer };
}

const signInAt = async ({ memberId }: Member, startedAtMs: number) => {
  const session = startSession(
    { manufacturerId, memberId },
    { acr: "aal1", amr: ["pwd"] },
    origin,
    startedAtMs,
  );
  await transact(services.documents, [putSession(services.tableNames.identity, session)]);
};

const validFromOf = async ({ memberId }: Member): Promise<number> => {
  const { Item } = await services.documents.send(
    new GetCommand({
      TableName: services.tableNames.identity,
      Key: identityKeys.member(manufacturerId, memberId),
      ConsistentRead: true,
    }),
  );
  return Item?.["sessionsValidFromMs"];
};

/** Lets the admin check their right, does something meanwhile, and lets them go on. */
async function endWhile(admin: Member, viewer: Member, meanwhile: () => Promise<unknown>) {
  const held = holdWrites(services.documents);
  const result = endMemberSessions(requestOf(admin, viewer), dependencies(held.documents)).then(
    () => "done",
    (error: unknown) => error,
  );
  // One that fails early would never arrive.
  await Promise.race([held.arrived, result]);
  await meanwhile();
  held.release();
  return result;
}

test("an admin who is removed meanwhile ends nobody's sessions", async () => {
  const { owner, admin, viewer } = await scene();
  await signInAt(viewer, Date.now());
  const answer = await endWhile(admin, viewer, () =>
    removeMember(requestOf(owner, admin), dependencies()),
  );
  expect(answer).toMatchObject({ code: "invalid-token", extra: { reason: "session-ended" } });
  expect(await validFromOf(viewer)).toBe(0);
});

test("a member who is made an owner meanwhile keeps their sessions", async () => {
  const { owner, admin, viewer } = await scene();
  await signInAt(viewer, Date.now());
  const answer = await endWhile(admin, viewer, () =>
    changeMemberRole(requestOf(owner, viewer, { body: { role: "owner" } }), dependencies()),
  );
  expect(answer).toMatchObject({ code: "contention" });
  expect(await validFromOf(viewer)).toBe(0);
});

test("a session that began by a clock two seconds ahead ends too", async () => {
  const { admin, viewer } = await scene();
  const startedAtMs = Date.now() + 2_000;
  await signInAt(viewer, startedAtMs);
  await endMemberSessions(requestOf(admin, viewer), dependencies());
  expect(await validFromOf(viewer)).toBeGreaterThan(startedAtMs);
});
