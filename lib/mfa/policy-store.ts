import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import type { Role } from "../access/policy.ts";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Outcome } from "../aws/transact.ts";

/** Statements on a manufacturer's own demands. */
export const mfaPolicyStore = (
  documents: DynamoDBDocumentClient,
  tables: { identity: string; audit?: string },
) => ({
  async readPolicy(manufacturerId: string): Promise<Role[]> {
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tables.identity,
        ConsistentRead: true,
        Key: identityKeys.mfaPolicy(manufacturerId),
      }),
    );
    return (Item?.["requiredFor"] as Role[] | undefined) ?? [];
  },

  putPolicy(actor: Actor, requiredFor: readonly Role[], entry: AuditEntry): Promise<Outcome> {
    return transactAs(documents, tables.identity, actor, [
      {
        Put: {
          TableName: tables.identity,
          Item: { ...identityKeys.mfaPolicy(actor.manufacturerId), requiredFor },
        },
      },
      auditPut(tables.audit, entry),
    ]);
  },
});

export type MfaPolicyStore = ReturnType<typeof mfaPolicyStore>;
