import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { identityKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";
import type { SecondFactors } from "../mfa/second-factors.ts";
import { Problem } from "../problem.ts";
import type { Role } from "./policy.ts";

/** The authority on what a member may do: roles, status, ended sessions, second factors. */
export interface AccessItem {
  roles: readonly Role[];
  status: "active" | "invited" | "suspended" | "removed";
  /** Sessions that began before this moment have ended, epoch ms. */
  sessionsValidFromMs: number;
  /** How often the password was set anew or voided; sessions that began with another one have ended. */
  passwordVersion?: number;
  /** Ended session ids, kept until no access token of theirs can be alive. */
  endedSessions: Readonly<Record<string, number>>;
  secondFactors?: SecondFactors;
  /** Roles of which the manufacturer's policy demands a second factor. */
  secondFactorRequiredFor: readonly Role[];
  /** When the read began: the item holds every change committed before, epoch ms. */
  readAtMs: number;
}

export type ReadAccessItem = (
  manufacturerId: string,
  memberId: string,
  fresh: boolean,
) => Promise<AccessItem | undefined>;

const lifetimeMs = 60_000;
const entriesMax = 5_000;

/**
 * Reads access items, cached for at most 60 s per environment: that is how long a removed member,
 * a changed role or an ended session can still be seen by a permission that is not `fresh`. The
 * member and the manufacturer's policy come in one call.
 */
export function accessItems(
  documents: DynamoDBDocumentClient,
  table: string,
  now: Clock,
): ReadAccessItem {
  const cache = new ExpiringCache<AccessItem | undefined>({ lifetimeMs, entriesMax, now });
  return (manufacturerId, memberId, fresh) =>
    cache.get(
      `${manufacturerId}/${memberId}`,
      () => readAccessItem(documents, table, manufacturerId, memberId, now()),
      fresh,
    );
}

async function readAccessItem(
  documents: DynamoDBDocumentClient,
  table: string,
  manufacturerId: string,
  memberId: string,
  readAtMs: number,
): Promise<AccessItem | undefined> {
  const memberKey = identityKeys.member(manufacturerId, memberId);
  const policyKey = identityKeys.mfaPolicy(manufacturerId);
  const { Responses, UnprocessedKeys } = await documents.send(
    new BatchGetCommand({
      RequestItems: {
        [table]: {
          Keys: [memberKey, policyKey],
          ConsistentRead: true,
          ProjectionExpression:
            "#pk, #sk, #roles, #status, sessionsValidFromMs, passwordVersion, endedSessions, secondFactors, requiredFor",
          ExpressionAttributeNames: {
            "#pk": partitionKey,
            "#sk": sortKey,
            "#roles": "roles",
            "#status": "status",
          },
        },
      },
    }),
  );
  // Half an answer would let pass whom the other half refuses.
  if (Object.keys(UnprocessedKeys ?? {}).length > 0) {
    throw new Problem("unavailable", { headers: { "retry-after": "1" } });
  }
  const items = Responses?.[table] ?? [];
  const member = items.find((item) => item[sortKey] === memberKey.sk);
  if (!member) return undefined;
  const { [partitionKey]: _, [sortKey]: __, ...rest } = member;
  const policy = items.find((item) => item[sortKey] === policyKey.sk);
  return {
    ...(rest as Omit<AccessItem, "secondFactorRequiredFor" | "readAtMs">),
    secondFactorRequiredFor: (policy?.["requiredFor"] as Role[] | undefined) ?? [],
    readAtMs,
  };
}
