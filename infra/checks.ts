import type { App } from "aws-cdk-lib";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";

/** A rule of AWS Solutions that does not hold for some constructs, and why that is right. */
const exceptions: readonly { rule: string; path: RegExp; reason: string }[] = [
  {
    rule: "AwsSolutions-APIG4",
    path: /\/Route$/,
    reason:
      "Each function verifies the access token itself, so that 401 and 403 are problem documents and step-up is possible; public operations are public by their row.",
  },
  {
    rule: "AwsSolutions-IAM5[Resource::*]",
    path: /\/Role$/,
    reason:
      "X-Ray has no resources to name. The infra tests compare each role with its row, statement by statement.",
  },
  {
    rule: "AwsSolutions-SQS3",
    path: /\/DeadLetters$/,
    reason: "It is the dead-letter queue: of Lambda, EventBridge and Scheduler instead of a queue.",
  },
  {
    rule: "AwsSolutions-DDB3",
    path: /\/metrics-table$/,
    reason: "Rollups are derived from log lines and expire; there is nothing to recover.",
  },
];

/** Fails the synthesis on any other breach of the rules of AWS Solutions. */
export function addChecks(app: App): void {
  acknowledgeExceptions(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/** Records the exceptions on exactly the constructs that they are meant for. */
export function acknowledgeExceptions(root: IConstruct): void {
  for (const construct of root.node.findAll()) {
    for (const { rule, path, reason } of exceptions) {
      if (path.test(construct.node.path)) {
        Validations.of(construct).acknowledge({ id: rule, reason });
      }
    }
  }
}
