import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Role } from "../../lib/access/policy.ts";
import type { Member } from "../../lib/accounts/store.ts";
import { identityKeys } from "../../lib/aws/item-keys.ts";
import type { Caller } from "../../lib/http/request.ts";
import { newId, newSecret } from "../../lib/id.ts";
import type { ServicesUnderTest } from "./services.ts";

type Database = Pick<ServicesUnderTest, "documents" | "tableNames">;

const put = ({ documents, tableNames }: Database, Item: Record<string, unknown>) =>
  documents.send(new PutCommand({ TableName: tableNames.identity, Item }));

/** Puts the profile of a manufacturer that counts so many owners. */
export const putManufacturer = (
  database: Database,
  manufacturerId: string,
  owners: number,
): Promise<unknown> =>
  put(database, { ...identityKeys.profile(manufacturerId), manufacturerId, owners });

/** Puts an active member, without a sign-in. */
export async function putMember(
  database: Database,
  manufacturerId: string,
  role: Role,
  overrides: Partial<Member> = {},
): Promise<Member> {
  const memberId = newId("member");
  const member: Member = {
    manufacturerId,
    memberId,
    name: "Maria Keller",
    email: `${memberId}@rohrwerk.example`,
    emailHash: newSecret(),
    roles: [role],
    status: "active",
    createdAtMs: 0,
    sessionsValidFromMs: 0,
    endedSessions: {},
    ...overrides,
  };
  await put(database, { ...identityKeys.member(manufacturerId, memberId), ...member });
  return member;
}

/** A member in a session at `aal2`, as authentication finds them. */
export const callerOf = (
  { manufacturerId, memberId, roles }: Member,
  access: Caller["access"],
): Caller => ({
  manufacturerId,
  memberId,
  roles,
  access,
  sessionId: newId("session"),
  sessionStartedAtMs: Date.now(),
  passwordVersion: 0,
  acr: "aal2",
  amr: ["pwd", "otp"],
  amrTimesMs: { pwd: Date.now(), otp: Date.now() },
  authTimeMs: Date.now(),
  secondFactorDemanded: false,
});
