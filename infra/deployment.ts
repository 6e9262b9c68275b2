import type { CfnResource, CustomResourceProviderBase } from "aws-cdk-lib";
import { Stack } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import { Trigger } from "aws-cdk-lib/triggers";
import type { Construct } from "constructs";

/** Under this id CDK keeps the one function per stack that reports to CloudFormation. */
const providerId = "AWSCDK.TriggerCustomResourceProviderCustomResourceProvider";

/**
 * Runs the function when it is first deployed and at each new version of it. The deployment waits,
 * and is rolled back when the function fails.
 */
export function runAtDeployment(
  scope: Construct,
  id: string,
  handler: LambdaFunction,
  logGroup: ILogGroup,
): void {
  const stack = Stack.of(scope);
  const isFirst = stack.node.tryFindChild(providerId) === undefined;
  new Trigger(scope, id, { handler, ...(handler.timeout && { timeout: handler.timeout }) });
  if (isFirst) holdToOurRules(stack, logGroup);
}

/** CDK's provider comes with a managed policy and a log group that never expires: both replaced. */
function holdToOurRules(stack: Stack, { logGroupArn, logGroupName }: ILogGroup): void {
  const provider = stack.node.findChild(providerId) as CustomResourceProviderBase;
  const role = provider.node.findChild("Role") as CfnResource;
  const handler = provider.node.findChild("Handler") as CfnResource;
  provider.addToRolePolicy({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [logGroupArn],
  });
  role.addPropertyDeletionOverride("ManagedPolicyArns");
  handler.addPropertyOverride("LoggingConfig", { LogFormat: "Text", LogGroup: logGroupName });
}
