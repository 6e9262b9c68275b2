import type { GrantListEntry, KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListGrantsCommand,
} from "@aws-sdk/client-kms";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";
import { readKeyPolicy } from "./key-policy.ts";
import { accountOf, principalKindOf } from "./principal-kind.ts";

/**
 * Looks at a KMS key: that it is a single-Region customer key of `region` and usable, that its
 * material is rotated, and who may use it by its policy and by grants.
 */
export function checkKmsKey(options: {
  readonly kms: KMSClient;
  readonly kmsKeyArn: string;
  readonly region: string;
  readonly now: () => number;
}): Promise<ComplianceCheck[]> {
  const { kms, kmsKeyArn, now, region } = options;
  const KeyId = kmsKeyArn;
  return Promise.all([
    runCheck({ id: "kms/key", source: "kms:DescribeKey", now }, async () => {
      const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId }));
      const evidence = {
        state: key?.KeyState,
        spec: key?.KeySpec,
        manager: key?.KeyManager,
        origin: key?.Origin,
        isMultiRegion: key?.MultiRegion,
        region: key?.Arn?.split(":")[3],
        isConfiguredKey: key?.Arn === kmsKeyArn,
        deletionDate: key?.DeletionDate?.toISOString(),
      };
      const isPassed =
        evidence.state === "Enabled" &&
        evidence.spec === "SYMMETRIC_DEFAULT" &&
        evidence.manager === "CUSTOMER" &&
        evidence.isMultiRegion === false &&
        evidence.isConfiguredKey &&
        evidence.region === region;
      return { isPassed, evidence };
    }),
    runCheck({ id: "kms/rotation", source: "kms:GetKeyRotationStatus", now }, async () => {
      const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
      const evidence = {
        isEnabled: status.KeyRotationEnabled,
        periodDays: status.RotationPeriodInDays,
        nextDate: status.NextRotationDate?.toISOString(),
      };
      return { isPassed: status.KeyRotationEnabled === true, evidence };
    }),
    runCheck({ id: "kms/policy", source: "kms:GetKeyPolicy", now }, async () => {
      const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
      const statements = readKeyPolicy(Policy ?? "{}", accountOf(kmsKeyArn));
      const isOpen = statements.some((statement) => statement.isOpen);
      return { isPassed: statements.length > 0 && !isOpen, evidence: { statements } };
    }),
    runCheck({ id: "kms/grants", source: "kms:ListGrants", now }, async () => {
      const grants = await listGrants(kms, KeyId);
      const kinds = grants.map(({ GranteePrincipal = "" }) =>
        principalKindOf(GranteePrincipal, accountOf(kmsKeyArn)),
      );
      const evidence = {
        grants: grants.map(({ Operations }, index) => ({
          grantee: kinds[index],
          operations: Operations,
        })),
      };
      return {
        isPassed: !kinds.some((kind) => kind === "foreign" || kind === "anybody"),
        evidence,
      };
    }),
  ]);
}

/** Every grant on a key. A policy says nothing of them, and they let in just as well. */
async function listGrants(kms: KMSClient, KeyId: string): Promise<GrantListEntry[]> {
  const grants: GrantListEntry[] = [];
  let Marker: string | undefined;
  do {
    const page = await kms.send(new ListGrantsCommand({ KeyId, Marker }));
    grants.push(...(page.Grants ?? []));
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker !== undefined);
  return grants;
}
