import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { identityKeys } from "../aws/item-keys.ts";
import { ExpiringCache } from "../cache.ts";
import type { Clock } from "../clock.ts";
import type { SecondFactors } from "../accounts/store.ts";
import type { Role } from "./policy.ts";

/** The authority on what a member may do: roles, status and ended sessions. */
export interface AccessItem {
  roles: readonly Role[];
  status: "active" | "invited" | "suspended" | "removed";
  /** Sessions that began before this moment have ended, epoch ms. */
  sessionsValidFromMs: number;
  /** Ended session ids, kept until no access token of theirs can be alive. */
  endedSessions: Readonly<Record<string, number>>;
  secondFactors?: SecondFactors;
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
 * a changed role or an ended session can still be seen by a permission that is not `fresh`.
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
      async () => {
        const { Item } = await documents.send(
          new GetCommand({
            TableName: table,
            ConsistentRead: true,
            Key: identityKeys.member(manufacturerId, memberId),
            ProjectionExpression: 
              "#roles, #status, sessionsValidFromMs, endedSessions, secondFactors",
            ExpressionAttributeNames: { "#roles": "roles", "#status": "status" },
          }),
        );
        return Item as AccessItem | undefined;
      },
      fresh,
    );
}
