import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { manufacturerKeys } from "../aws/item-keys.ts";
import type { Outcome, Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { EncryptionSettings } from "./settings.ts";

/** Statements on a manufacturer's settings, which are part of item `ACTIVE`. */
export const encryptionSettingsStore = (documents: DynamoDBDocumentClient, table: string) => ({
  /** Sets what is named and nothing else, while nobody is erasing the manufacturer. */
  change(
    manufacturerId: string,
    settings: Partial<EncryptionSettings>,
    audit: readonly Statement[],
  ): Promise<Outcome> {
    const names = Object.keys(settings);
    return transact(documents, [
      {
        Update: {
          TableName: table,
          Key: manufacturerKeys.active(manufacturerId),
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
