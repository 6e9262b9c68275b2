import { describe, expect, it } from "vitest";
import type { Table } from "../../lib/aws/tables.ts";
import { tables } from "../../lib/aws/tables.ts";
import type { Json } from "./support/assembly.ts";
import { assembly } from "./support/product.ts";

const tableEntries = Object.entries(tables) as [string, Table][];

describe("tables", () => {
  it.each(tableEntries)("%s is as lib/aws/tables.ts says", (name, row) => {
    const { properties } = assembly.named(`data.${name}table`);

    expect(properties["KeySchema"]).toEqual([
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ]);
    expect(properties["AttributeDefinitions"]).toEqual([
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ]);
    expect(properties["TimeToLiveSpecification"]).toEqual({
      AttributeName: "expiresAt",
      Enabled: true,
    });
    expect(properties["PointInTimeRecoverySpecification"]).toEqual(
      row.recoveryDays === 0
        ? undefined
        : { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: row.recoveryDays },
    );
    expect(properties["StreamSpecification"]).toEqual(
      row.stream === "none" ? undefined : { StreamViewType: row.stream },
    );
  });

  it.each(tableEntries)("%s is encrypted under our key, on demand and hard to delete", (name) => {
    const { properties, deletionPolicy } = assembly.named(`data.${name}table`);

    expect(properties["SSESpecification"]).toMatchObject({ SSEEnabled: true, SSEType: "KMS" });
    const { KMSMasterKeyId } = properties["SSESpecification"] as Record<string, Json>;
    expect(assembly.spell("data", KMSMasterKeyId)).toBe("data.tableskey.Arn");
    expect(properties["BillingMode"]).toBe("PAY_PER_REQUEST");
    expect(properties["DeletionProtectionEnabled"]).toBe(true);
    expect(deletionPolicy).toBe("RetainExceptOnCreate");
  });

  it("are those and no others", () => {
    expect(
      assembly
        .ofType("AWS::DynamoDB::Table")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(
      Object.keys(tables)
        .map((name) => `${name}table`)
        .sort(),
    );
  });
});

describe("keys", () => {
  it("rotate, are kept, and take thirty days to be deleted", () => {
    const keys = assembly.ofType("AWS::KMS::Key");
    expect(keys.map(({ id }) => id).sort()).toEqual([
      "manufacturerkey",
      "operationskey",
      "platformkey",
      "tableskey",
    ]);
    for (const { properties, deletionPolicy } of keys) {
      expect(properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30 });
      expect(deletionPolicy).toBe("RetainExceptOnCreate");
    }
  });

  it.each(["tables", "platform", "manufacturer"])(
    "the %s key trusts nobody but the account's own policies",
    (name) => {
      const { properties } = assembly.named(`data.${name}key`);
      const { Statement } = properties["KeyPolicy"] as {
        Statement: { Principal: { AWS: Json } }[];
      };
      expect(Statement.map(({ Principal }) => assembly.spell("data", Principal.AWS))).toEqual([
        "arn:<Partition>:iam::<AccountId>:root",
      ]);
    },
  );

  it("the operations key serves our log groups and this account's alarms", () => {
    const { properties } = assembly.named("data.operationskey");
    const { Statement } = properties["KeyPolicy"] as {
      Statement: {
        Principal: { Service?: Json };
        Condition?: Record<string, Record<string, Json>>;
      }[];
    };
    const grants = Statement.flatMap(({ Principal, Condition = {} }) =>
      Principal.Service === undefined
        ? []
        : [[assembly.spell("data", Principal.Service), Object.values(Condition)[0]] as const],
    );
    expect(grants.map(([service]) => service)).toEqual([
      "logs.<Region>.amazonaws.com",
      "cloudwatch.amazonaws.com",
    ]);
    const groups = grants[0]?.[1]?.["kms:EncryptionContext:aws:logs:arn"] as Json[];
    expect(groups.map((group) => assembly.spell("data", group).split("log-group:")[1])).toEqual(
      assembly.ofType("AWS::Logs::LogGroup").map((group) => group.properties["LogGroupName"]),
    );
    expect(grants[1]?.[1]?.["aws:SourceAccount"]).toEqual({ Ref: "AWS::AccountId" });
  });
});

describe("logs, events, e-mail and alarms", () => {
  it("every log group is encrypted and forgets after three months", () => {
    const groups = assembly.ofType("AWS::Logs::LogGroup");
    expect(groups.map(({ id }) => id)).toEqual(["FunctionLogs", "AccessLogs"]);
    for (const { properties } of groups) {
      expect(properties["RetentionInDays"]).toBe(90);
      expect(assembly.spell("data", properties["KmsKeyId"])).toBe("data.operationskey.Arn");
    }
  });

  it("there is one event bus, and e-mail is signed for the sender's domain", () => {
    expect(assembly.ofType("AWS::Events::EventBus")).toHaveLength(1);
    expect(assembly.named("data.EmailIdentity").properties).toEqual({
      EmailIdentity: "manufacturer-security.example",
    });
  });

  it("the alarm topic is encrypted, lets CloudWatch publish, and refuses plain HTTP", () => {
    const topic = assembly.named("data.AlarmTopic").properties;
    expect(assembly.spell("data", topic["KmsMasterKeyId"])).toBe("data.operationskey.Arn");
    const { PolicyDocument } = assembly.named("data.AlarmTopicPolicy").properties as {
      PolicyDocument: { Statement: Json[] };
    };
    expect(PolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      expect.objectContaining({
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      }),
    ]);
  });
});
