import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeContinuousBackupsCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { tables } from "../aws/tables.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";

/** Looks at the table that holds the wrapped keys: encryption, place and how far backups reach back. */
export function checkKeysTable(options: {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  readonly now: () => number;
}): Promise<ComplianceCheck[]> {
  const { dynamodb, now, table: TableName } = options;
  return Promise.all([
    runCheck({ id: "table/encryption", source: "dynamodb:DescribeTable", now }, async () => {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      const evidence = {
        status: Table?.SSEDescription?.Status,
        type: Table?.SSEDescription?.SSEType,
        keyRegion: Table?.SSEDescription?.KMSMasterKeyArn?.split(":")[3],
        isDeletionProtected: Table?.DeletionProtectionEnabled,
        replicas: (Table?.Replicas ?? []).map(({ RegionName }) => RegionName),
      };
      const isPassed =
        evidence.status === "ENABLED" &&
        evidence.type === "KMS" &&
        evidence.isDeletionProtected === true &&
        evidence.replicas.length === 0;
      return { isPassed, evidence };
    }),
    runCheck(
      { id: "table/backups", source: "dynamodb:DescribeContinuousBackups", now },
      async () => {
        const { ContinuousBackupsDescription } = await dynamodb.send(
          new DescribeContinuousBackupsCommand({ TableName }),
        );
        const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
        const evidence = {
          status: recovery?.PointInTimeRecoveryStatus,
          recoveryDays: recovery?.RecoveryPeriodInDays,
          recoveryDaysMax: tables.keys.recoveryDays,
        };
        // Longer would bring back what an erasure destroyed for longer than its certificate says.
        const isPassed =
          evidence.status === "ENABLED" &&
          evidence.recoveryDays !== undefined &&
          evidence.recoveryDays <= evidence.recoveryDaysMax;
        return { isPassed, evidence };
      },
    ),
  ]);
}
