import type { KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
} from "@aws-sdk/client-kms";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";

/**
 * One statement of a key policy, by what matters to who can read data. The report goes to tenants:
 * it says what kinds of principals there are, not which account and role they are.
 */
interface PolicyStatement {
  readonly effect: string;
  readonly principals: readonly string[];
  readonly actions: unknown;
  readonly conditions: readonly string[];
}

/**
 * Looks at a KMS key: that it is a single-Region customer key of `region` and usable, that its
 * material is rotated, and who may use it by its policy.
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
        deletionDate: key?.DeletionDate?.toISOString(),
      };
      const isPassed =
        evidence.state === "Enabled" &&
        evidence.spec === "SYMMETRIC_DEFAULT" &&
        evidence.manager === "CUSTOMER" &&
        evidence.isMultiRegion === false &&
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
      const statements = readStatements(Policy ?? "{}");
      const isOpen = statements.some(isOpenToAnybody);
      return { isPassed: statements.length > 0 && !isOpen, evidence: { statements } };
    }),
  ]);
}

type Fields = Record<string, unknown>;

function readStatements(policy: string): PolicyStatement[] {
  const { Statement = [] }: { Statement?: Fields | Fields[] } = JSON.parse(policy);
  return [Statement].flat().map((statement) => ({
    effect: String(statement["Effect"]),
    principals: principalsOf(statement["Principal"]),
    actions: statement["Action"],
    conditions: Object.values(statement["Condition"] ?? {}).flatMap((keys) => Object.keys(keys)),
  }));
}

/** The kinds of a statement's principals, such as `role`; services by name. */
function principalsOf(principal: unknown): string[] {
  if (typeof principal !== "object" || principal === null) return [kindOf(String(principal))];
  return Object.entries(principal).flatMap(([type, names]) =>
    [names].flat().map((name) => (type === "Service" ? String(name) : kindOf(String(name)))),
  );
}

/** `*` is anybody, an account's root or number the account; else the resource type of the ARN. */
function kindOf(principal: string): string {
  if (principal === "*") return "anybody";
  const [resource = ""] = principal.split(":").slice(5);
  const [kind = ""] = resource.split("/");
  return kind === "root" || /^\d{12}$/.test(principal) ? "account" : kind || "other";
}

/** Allowed to everybody without a condition. */
const isOpenToAnybody = ({ conditions, effect, principals }: PolicyStatement): boolean =>
  effect === "Allow" && conditions.length === 0 && principals.includes("anybody");
