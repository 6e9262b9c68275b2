import { CreateKeyCommand, DisableKeyCommand } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { checkKmsKey } from "../../../lib/encryption/kms-key-evidence.ts";
import { checkKeysTable } from "../../../lib/encryption/table-evidence.ts";
import { region } from "../../../local/aws-account.ts";
import { useServices } from "../../support/services.ts";
import { kmsClient } from "./key-scene.ts";

const services = useServices();
const now = () => 1000;

describe("evidence on the KMS key", () => {
  it("passes a usable single-Region customer key that is rotated", async () => {
    const kms = kmsClient(services);
    const kmsKeyArn = services.keyArns.manufacturer;
    const checks = await checkKmsKey({ kms, kmsKeyArn, region, now });
    expect(checks.find(({ id }) => id === "kms/key")).toMatchObject({
      result: "pass",
      evidence: { state: "Enabled", isMultiRegion: false, region },
      source: "kms:DescribeKey",
    });
    expect(checks.find(({ id }) => id === "kms/rotation")).toMatchObject({ result: "pass" });
  });

  it("fails a key that is disabled, not rotated, or of another region", async () => {
    const kms = kmsClient(services);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const kmsKeyArn = KeyMetadata?.Arn ?? "";
    const look = async (where: string) =>
      Object.fromEntries(
        (await checkKmsKey({ kms, kmsKeyArn, region: where, now })).map(({ id, result }) => [
          id,
          result,
        ]),
      );
    expect(await look(region)).toMatchObject({ "kms/key": "pass", "kms/rotation": "fail" });
    expect(await look("us-east-1")).toMatchObject({ "kms/key": "fail" });
    await kms.send(new DisableKeyCommand({ KeyId: kmsKeyArn }));
    expect(await look(region)).toMatchObject({ "kms/key": "fail" });
  });

  it("is unknown while KMS does not answer", async () => {
    services.faults({ service: "kms", mode: "error" });
    const kms = kmsClient(services);
    const checks = await checkKmsKey({
      kms,
      kmsKeyArn: services.keyArns.manufacturer,
      region,
      now,
    });
    expect(checks.map(({ result }) => result)).toEqual([
      "unknown",
      "unknown",
      "unknown",
      "unknown",
    ]);
  });
});

describe("evidence on the keys table", () => {
  it("passes nothing that the database does not state", async () => {
    const table = services.tableNames.keys;
    const tablesKeyArn = services.keyArns.tables;
    const dynamodb = services.documents;
    const checks = await checkKeysTable({ dynamodb, table, tablesKeyArn, now });
    for (const { evidence, result } of checks) {
      expect(result === "pass").toBe(evidence["status"] === "ENABLED");
    }
    const absent = await checkKeysTable({ dynamodb, table: "absent", tablesKeyArn, now });
    expect(absent.map(({ result }) => result)).toEqual(["unknown", "unknown", "unknown"]);
  });
});
