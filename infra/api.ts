import { CfnOutput, Duration } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CorsHttpMethod,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Certificate, CertificateValidation } from "aws-cdk-lib/aws-certificatemanager";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Route } from "../lib/http/route.ts";
import type { Settings } from "./settings.ts";
import { nameOf } from "./settings.ts";
import { throttle } from "./throttle.ts";

/** No path, query or token: identifiers and secrets of callers stay out of the log. */
const accessLogFields = {
  requestId: "$context.requestId",
  time: "$context.requestTime",
  route: "$context.routeKey",
  status: "$context.status",
  durationMs: "$context.responseLatency",
  integrationDurationMs: "$context.integrationLatency",
  error: "$context.error.message",
  integrationError: "$context.integrationErrorMessage",
  sourceIp: "$context.identity.sourceIp",
};

/** The one HTTP API: throttled, with an access log; who is calling is verified in each function. */
export function addHttpApi(scope: Construct, settings: Settings, accessLogs: ILogGroup): HttpApi {
  const { corsOrigins, domainName } = settings;
  const api = new HttpApi(scope, "HttpApi", {
    apiName: nameOf(settings),
    createDefaultStage: false,
    disableExecuteApiEndpoint: domainName !== undefined,
    ...(corsOrigins.length > 0 && {
      corsPreflight: {
        allowOrigins: [...corsOrigins],
        allowMethods: [CorsHttpMethod.ANY],
        allowHeaders: ["authorization", "content-type", "idempotency-key"],
        exposeHeaders: ["retry-after", "www-authenticate"],
        maxAge: Duration.hours(1),
      },
    }),
  });
  new HttpStage(scope, "Stage", {
    httpApi: api,
    stageName: "$default",
    autoDeploy: true,
    throttle,
    accessLogSettings: {
      destination: new LogGroupLogDestination(accessLogs),
      format: AccessLogFormat.custom(JSON.stringify({ stage: settings.stage, ...accessLogFields })),
    },
    ...(domainName !== undefined && {
      domainMapping: { domainName: addDomainName(scope, domainName) },
    }),
  });
  return api;
}

/** The host name's owner proves it, and points it here, by the two DNS records that deploying prints. */
function addDomainName(scope: Construct, domainName: string): DomainName {
  const domain = new DomainName(scope, "DomainName", {
    domainName,
    securityPolicy: SecurityPolicy.TLS_1_2,
    certificate: new Certificate(scope, "Certificate", {
      domainName,
      validation: CertificateValidation.fromDns(),
    }),
  });
  new CfnOutput(scope, "DomainTarget", { value: domain.regionalDomainName });
  return domain;
}

/** Sends the row's method and path to its function, which nobody but this route may then invoke. */
export function addRoute(scope: Construct, api: HttpApi, row: Route, handler: IFunction): void {
  new HttpRoute(scope, "Route", {
    httpApi: api,
    routeKey: HttpRouteKey.with(row.path, HttpMethod[row.method]),
    integration: new HttpLambdaIntegration("Integration", handler),
  });
}
