import { Stack } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { EmailIdentity, Identity } from "aws-cdk-lib/aws-ses";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { Settings } from "./settings.ts";
import { nameOf } from "./settings.ts";

/** The bus that carries the domain events. */
export const addEventBus = (scope: Construct, settings: Settings): EventBus =>
  new EventBus(scope, "EventBus", { eventBusName: nameOf(settings) });

/** The sender's whole domain, so that every e-mail is signed (DKIM) and aligned with its From. */
export const addEmailIdentity = (scope: Construct, { emailSender }: Settings): EmailIdentity =>
  new EmailIdentity(scope, "EmailIdentity", {
    identity: Identity.domain(emailSender.slice(emailSender.lastIndexOf("@") + 1)),
  });

/**
 * Where every alarm goes. CloudWatch must be let in by name: a topic with a policy of its own, as
 * demanding TLS brings one, has no default that would.
 */
export function addAlarmTopic(scope: Construct, { alarmEmail }: Settings, masterKey: IKey): Topic {
  const topic = new Topic(scope, "AlarmTopic", { masterKey, enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  );
  if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
  return topic;
}
