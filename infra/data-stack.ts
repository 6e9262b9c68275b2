import type { StackProps } from "aws-cdk-lib";
import { Stack } from "aws-cdk-lib";
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { EmailIdentity } from "aws-cdk-lib/aws-ses";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Keys } from "./encryption.ts";
import { addKeys } from "./encryption.ts";
import type { Logs } from "./logs.ts";
import { addLogs } from "./logs.ts";
import { addAlarmTopic, addEmailIdentity, addEventBus } from "./messages.ts";
import type { Settings } from "./settings.ts";
import type { Tables } from "./tables.ts";
import { addTables } from "./tables.ts";

/** What holds state, apart from what is redeployed with every operation. */
export class DataStack extends Stack {
  readonly keys: Keys;
  readonly tables: Tables;
  readonly logs: Logs;
  readonly eventBus: EventBus;
  readonly emailIdentity: EmailIdentity;
  readonly alarmTopic: Topic;

  constructor(scope: Construct, id: string, settings: Settings, props: StackProps) {
    super(scope, id, props);
    this.keys = addKeys(this, settings);
    this.tables = addTables(this, this.keys.tables);
    this.logs = addLogs(this, settings, this.keys.operations);
    this.eventBus = addEventBus(this, settings);
    this.emailIdentity = addEmailIdentity(this, settings);
    this.alarmTopic = addAlarmTopic(this, settings, this.keys.operations);
  }
}
