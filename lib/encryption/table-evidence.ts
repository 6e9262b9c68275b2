import type { BackupSummary, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ListBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { tables } from "../aws/tables.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";

/** A table that is looked at, and the KMS key that it must be encrypted with. */
interface TableUnderCheck {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  /** ARN of the platform's own key for tables. */
  readonly tablesKeyArn: string;
  readonly now: () => number;
}

/** Looks at a table: that it is encrypted with the platform's key, protected, and of one region. */
export function checkTable(id: string, options: TableUnderCheck): Promise<ComplianceCheck> {
  const { dynamodb, now, table: TableName, tablesKeyArn } = options;
  return runCheck({ id, source: "dynamodb:DescribeTable", now }, async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    const keyArn = Table?.SSEDescription?.KMSMasterKeyArn;
    const evidence = {
      status: Table?.SSEDescription?.Status,
      type: Table?.SSEDescription?.SSEType,
      keyRegion: keyArn?.split(":")[3],
      isPlatformKey: keyArn === tablesKeyArn,
      isDeletionProtected: Table?.DeletionProtectionEnabled,
      replicas: (Table?.Replicas ?? []).map(({ RegionName }) => RegionName),
    };
    const isPassed =
      evidence.status === "ENABLED" &&
      evidence.type === "KMS" &&
      evidence.isPlatformKey &&
      evidence.isDeletionProtected === true &&
      evidence.replicas.length === 0;
    return { isPassed, evidence };
  });
}

/** The same for the table that holds the wrapped keys, and how far its backups reach back. */
export function checkKeysTable(options: TableUnderCheck): Promise<ComplianceCheck[]> {
  const { dynamodb, now, table: TableName } = options;
  return Promise.all([
    checkTable("table/encryption", options),
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
    runCheck({ id: "table/on-demand-backups", source: "dynamodb:ListBackups", now }, async () => {
      const backups = await listBackups(dynamodb, TableName);
      const evidence = {
        backups: backups.map(({ BackupCreationDateTime, BackupType }) => ({
          type: BackupType,
          createdAt: BackupCreationDateTime?.toISOString(),
        })),
      };
      // Such a backup is kept until somebody deletes it: a certificate's date would be untrue.
      return { isPassed: backups.length === 0, evidence };
    }),
  ]);
}

/** Backups of a table that somebody or something asked for, those of AWS Backup among them. */
async function listBackups(dynamodb: DynamoDBClient, TableName: string): Promise<BackupSummary[]> {
  const backups: BackupSummary[] = [];
  let start: string | undefined;
  do {
    const page = await dynamodb.send(
      new ListBackupsCommand({ TableName, BackupType: "ALL", ExclusiveStartBackupArn: start }),
    );
    backups.push(...(page.BackupSummaries ?? []));
    start = page.LastEvaluatedBackupArn;
  } while (start !== undefined);
  return backups.filter(({ BackupStatus }) => BackupStatus !== "DELETED");
}
