import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { checkKeysTable, checkTable } from "../../../lib/encryption/table-evidence.ts";

const tablesKeyArn = "arn:aws:kms:eu-central-1:000000000000:key/tables";
const described = {
  SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: tablesKeyArn },
  DeletionProtectionEnabled: true,
};

/** The checks of a table of which DynamoDB answers this. */
const optionsOf = (answers: Readonly<Record<string, object>>) => ({
  dynamodb: {
    send: async (command: object) => answers[command.constructor.name],
  } as unknown as DynamoDBClient,
  table: "a",
  tablesKeyArn,
  now: () => 0,
});

const describeAs = (Table: object) =>
  checkTable("table/identity", optionsOf({ DescribeTableCommand: { Table } }));

describe("a table", () => {
  it("passes when the platform's key encrypts it, and its evidence names no account", async () => {
    const check = await describeAs(described);
    expect(check).toMatchObject({ result: "pass", evidence: { keyRegion: "eu-central-1" } });
    expect(JSON.stringify(check)).not.toMatch(/arn:|\d{12}/);
  });

  const encryptedBy = (KMSMasterKeyArn: string | undefined) => ({
    ...described,
    SSEDescription: { ...described.SSEDescription, KMSMasterKeyArn },
  });
  it.each([
    ["another region", encryptedBy("arn:aws:kms:us-east-1:000000000000:key/tables")],
    ["another account", encryptedBy("arn:aws:kms:eu-central-1:111111111111:key/tables")],
    ["AWS", encryptedBy("arn:aws:kms:eu-central-1:000000000000:key/aws-managed")],
    ["nobody that is told", encryptedBy(undefined)],
  ])("fails with a key of %s", async (_, table) => {
    expect(await describeAs(table)).toMatchObject({ result: "fail" });
  });

  it.each([
    ["no encryption of its own", { ...described, SSEDescription: undefined }],
    ["a replica", { ...described, Replicas: [{ RegionName: "us-east-1" }] }],
    ["no protection from deletion", { ...described, DeletionProtectionEnabled: false }],
  ])("fails with %s", async (_, table) => {
    expect(await describeAs(table)).toMatchObject({ result: "fail" });
  });
});

describe("backups of the keys", () => {
  const recovery = (status: string, days?: number) => ({
    ContinuousBackupsDescription: {
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: status,
        RecoveryPeriodInDays: days,
      },
    },
  });
  const backup = (BackupType: string, BackupStatus = "AVAILABLE") => ({ BackupType, BackupStatus });

  it.each([
    ["pass", recovery("ENABLED", 1)],
    ["fail", recovery("ENABLED", 2)],
    ["fail", recovery("ENABLED")],
    ["fail", recovery("DISABLED")],
  ])("%s: %j", async (result, DescribeContinuousBackupsCommand) => {
    const checks = await checkKeysTable(optionsOf({ DescribeContinuousBackupsCommand }));
    expect(checks.find(({ id }) => id === "table/backups")).toMatchObject({ result });
  });

  it.each([
    ["pass", []],
    ["pass", [backup("USER", "DELETED")]],
    ["fail", [backup("USER")]],
    ["fail", [backup("AWS_BACKUP")]],
    ["fail", [backup("SYSTEM", "CREATING")]],
  ])("%s: on demand %j", async (result, BackupSummaries) => {
    const checks = await checkKeysTable(optionsOf({ ListBackupsCommand: { BackupSummaries } }));
    expect(checks.find(({ id }) => id === "table/on-demand-backups")).toMatchObject({ result });
  });

  it("are looked for on every page", async () => {
    const pages = [
      { BackupSummaries: [], LastEvaluatedBackupArn: "a" },
      { BackupSummaries: [backup("USER")] },
    ];
    const options = optionsOf({});
    const dynamodb = {
      send: async (command: object) =>
        command.constructor.name === "ListBackupsCommand" ? pages.shift() : {},
    } as unknown as DynamoDBClient;
    const checks = await checkKeysTable({ ...options, dynamodb });
    expect(checks.find(({ id }) => id === "table/on-demand-backups")).toMatchObject({
      result: "fail",
    });
  });
});
