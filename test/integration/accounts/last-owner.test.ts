import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import type { Role } from "../../../lib/access/policy.ts";
import { changeMemberRole } from "../../../lib/accounts/change-member-role.ts";
import type { MemberStore } from "../../../lib/accounts/member-store.ts";
import { memberStore } from "../../../lib/accounts/member-store.ts";
import { removeMember } from "../../../lib/accounts/remove-member.ts";
import type { Member } from "../../../lib/accounts/store.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId } from "../../../lib/id.ts";
import { callerOf, putManufacturer, putMember } from "../../support/members.ts";
import { barrier, race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const owners = 50;

async function makeHeads(role: Role): Promise<Member[]> {
  const manufacturerId = newId("manufacturer");
  await putManufacturer(services, manufacturerId, owners);
  return Promise.all(
    Array.from({ length: owners }, () => putMember(services, manufacturerId, role)),
  );
}

const store = (): MemberStore => memberStore(services.documents, services.tableNames);

/** Counts the owners first, then writes. */
const naiveStore = (role: Role, allHaveLooked = barrier(owners)): MemberStore => {
  const write = async (member: Member, roles: string[]) => {
    const { members } = await store().listMembers(member.manufacturerId);
    if (members.filter((other) => other.roles.includes(role)).length < 2) {
      return { committed: false as const, failed: new Map() };
    }
    await allHaveLooked();
    await services.documents.send(
      new UpdateCommand({
        TableName: services.tableNames.identity,
        Key: identityKeys.member(member.manufacturerId, member.memberId),
        UpdateExpression: "SET #roles = :roles",
        ExpressionAttributeNames: { "#roles": "roles" },
        ExpressionAttributeValues: { ":roles": roles },
      }),
    );
    return { committed: true as const };
  };
  return {
    ...store(),
    changeRole: (_actor, member, next) => write(member, [next]),
    removeMember: (_actor, member) => write(member, []),
  };
};

/**
 * Every owner steps down or leaves, all at the same moment; again where it met contention. Operators
 * have no other role to step down to.
 */
async function headsLeft(role: Role, members: MemberStore): Promise<number> {
  const everybody = await makeHeads(role);
  const accounts = accountStore(services.documents, services.tableNames);
  const leave = async (index: number): Promise<void> => {
    const target = everybody[index] as Member;
    const caller = callerOf(target, "members:write");
    const params = { memberId: target.memberId };
    const request: unknown = {
      params,
      caller,
      origin: systemOrigin("race"),
      body: { role: "viewer" },
    };
    const dependencies = { accounts, members, now: Date.now };
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        await (role === "owner" && index % 2 === 0
          ? changeMemberRole(request as Parameters<typeof changeMemberRole>[0], dependencies)
          : removeMember(request as Parameters<typeof removeMember>[0], dependencies));
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== "contention") throw error;
      }
    }
  };
  await race(owners, leave);
  const { members: left } = await store().listMembers(everybody[0]?.manufacturerId ?? "");
  return left.filter((member) => member.roles.includes(role)).length;
}

describe.each(["owner", "operator"] as const)(`${owners} of role %s leave at once`, (role) => {
  test("exactly one is left", async () => {
    expect(await headsLeft(role, store())).toBe(1);
  });

  test("negative control: counting first and writing then leaves none", async () => {
    expect(await headsLeft(role, naiveStore(role))).toBe(0);
  });
});
