import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { TableName, Table as TableRow } from "../lib/aws/tables.ts";
import { partitionKey, sortKey, tables, timeToLiveAttribute } from "../lib/aws/tables.ts";

export type Tables = Readonly<Record<TableName, Table>>;

/** Every table of `lib/aws/tables.ts`, on demand, encrypted under our key, protected from deletion. */
export function addTables(scope: Construct, encryptionKey: IKey): Tables {
  const entries = Object.entries(tables).map(([name, row]) => [
    name,
    addTable(scope, `${name}-table`, row, encryptionKey),
  ]);
  return Object.fromEntries(entries) as Tables;
}

function addTable(
  scope: Construct,
  id: string,
  { recoveryDays, stream }: TableRow,
  encryptionKey: IKey,
): Table {
  return new Table(scope, id, {
    partitionKey: { name: partitionKey, type: AttributeType.STRING },
    sortKey: { name: sortKey, type: AttributeType.STRING },
    timeToLiveAttribute,
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...(recoveryDays > 0 && {
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: recoveryDays,
      },
    }),
    ...(stream !== "none" && { stream: StreamViewType[stream] }),
  });
}
