import { RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Settings } from "./settings.ts";

export interface Logs {
  /** Shared by all functions: one place to search, one subscription for the metrics. */
  functions: LogGroup;
  /** One JSON line per HTTP request. */
  access: LogGroup;
}

export const functionLogGroupName = ({ stage }: Settings): string =>
  `/manufacturer-security/${stage}/functions`;

/** Below `vendedlogs`, where the gateway's right to write does not fill up a size-limited policy. */
export const accessLogGroupName = ({ stage }: Settings): string =>
  `/aws/vendedlogs/manufacturer-security/${stage}/access`;

/** The log groups: encrypted, kept for three months; what must last longer is in the audit table. */
export function addLogs(scope: Construct, settings: Settings, encryptionKey: IKey): Logs {
  const add = (id: string, logGroupName: string): LogGroup =>
    new LogGroup(scope, id, {
      logGroupName,
      encryptionKey,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  return {
    functions: add("FunctionLogs", functionLogGroupName(settings)),
    access: add("AccessLogs", accessLogGroupName(settings)),
  };
}
