import type { StackProps } from "aws-cdk-lib";
import { CfnOutput, Stack } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Construct } from "constructs";
import type { Route, Task } from "../lib/http/route.ts";
import { addHttpApi } from "./api.ts";
import { addBurnRateAlarms } from "./burn-rate.ts";
import { addDashboard } from "./dashboard.ts";
import type { DataStack } from "./data-stack.ts";
import { addGatewayAlarms } from "./gateway-alarms.ts";
import type { Settings } from "./settings.ts";

/** What the operations' stacks share without holding state: the front door, what watches it, the dashboard. */
export class GatewayStack extends Stack {
  readonly api: HttpApi;
  /** The API's base URL, which is also what tokens name as their issuer. */
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    {
      settings,
      data,
      rows,
      ...props
    }: StackProps & { settings: Settings; data: DataStack; rows: readonly (Route | Task)[] },
  ) {
    super(scope, id, props);
    this.api = addHttpApi(this, settings, data.logs.access);
    this.url =
      settings.domainName === undefined ? this.api.apiEndpoint : `https://${settings.domainName}`;
    addDashboard(this, rows, settings);
    addBurnRateAlarms(this, this.api, data.alarmTopic);
    addGatewayAlarms(this, settings, data.logs.access, data.alarmTopic);
    new CfnOutput(this, "ApiUrl", { value: this.url });
  }
}
