import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../access/actor-condition.ts";
import { transactAs } from "../access/actor-condition.ts";
import { manufacturerKeys } from "../aws/item-keys.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import type { EncryptionSettings } from "./settings.ts";

/** Statements on a manufacturer's settings, which are part of item `ACTIVE`. */
export const encryptionSettingsStore = (
  documents: DynamoDBDocumentClient,
  tables: { keys: string; identity: string },
) => ({
  /** Sets what is named and nothing else, while the actor may and nobody erases the manufacturer. */
  change(
    actor: Actor,
    settings: Partial<EncryptionSettings>,
    audit: readonly Statement[],
  ): Promise<Outcome> {
    const names = Object.keys(settings);
    return transactAs(documents, tables.identity, actor, [
      {
        Update: {
          TableName: tables.keys,
          Key: manufacturerKeys.active(actor.manufacturerId),
          UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
          ConditionExpression: "#state = :active",
          ExpressionAttributeNames: {
            "#state": "state",
            ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ":active": "active",
            ...Object.fromEntries(
              Object.entries(settings).map(([name, value]) => [`:${name}`, value]),
            ),
          },
        },
      },
      ...audit,
    ]);
  },
});

export type EncryptionSettingsStore = ReturnType<typeof encryptionSettingsStore>;
