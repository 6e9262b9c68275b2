import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Actor } from "../../../lib/access/actor-condition.ts";
import { identityKeys, usageKeys } from "../../../lib/aws/item-keys.ts";
import { newId } from "../../../lib/id.ts";
import type { ChargeRequest } from "../../../lib/usage/charge.ts";
import type { Override, Resource, Tier } from "../../../lib/usage/tiers.ts";

/** 24 November 2026, noon: far from both ends of its month. */
export const noonMs = Date.UTC(2026, 10, 24, 12);

/** A new manufacturer with a plan of its own, so that tests share no state. */
export async function newTenant(
  documents: DynamoDBDocumentClient,
  tier: Tier = "free",
  limits: Partial<Record<Resource, number>> = {},
  overageMax = 0,
): Promise<string> {
  const manufacturerId = newId("manufacturer");
  const overrides = Object.fromEntries(
    Object.entries(limits).map(([resource, limit]): [string, Override] => [
      resource,
      { limit, overageMax, reason: "test", setBy: "mem_test", setAtMs: 0 },
    ]),
  );
  await documents.send(
    new PutCommand({
      TableName: "usage",
      Item: { ...usageKeys.plan(manufacturerId), manufacturerId, tier, version: 1, overrides },
    }),
  );
  return manufacturerId;
}

/** A platform's operator, active and signed in, as a caller who may change plans. */
export async function newOperator(documents: DynamoDBDocumentClient): Promise<Actor> {
  const operator: Actor = {
    manufacturerId: "platform",
    memberId: newId("member"),
    sessionId: newId("session"),
    sessionStartedAtMs: 0,
    passwordVersion: 0,
    roles: ["operator"],
    acr: "aal2",
    access: "plans:write",
  };
  await documents.send(
    new PutCommand({
      TableName: "identity",
      Item: {
        ...identityKeys.member(operator.manufacturerId, operator.memberId),
        roles: ["operator"],
        status: "active",
        sessionsValidFromMs: 0,
        endedSessions: {},
      },
    }),
  );
  return operator;
}

export const chargeOf = (
  manufacturerId: string,
  resource: Resource,
  options: Partial<ChargeRequest> = {},
): ChargeRequest => ({
  manufacturerId,
  resource,
  amount: 1,
  nowMs: noonMs,
  memberId: "mem_test",
  requestId: "req_test",
  ...options,
});

/** Runs every job with at most `width` at a time, in order of start. */
export async function inParallel<Job, Result>(
  jobs: readonly Job[],
  width: number,
  run: (job: Job, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(jobs.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let index = next++; index < jobs.length; index = next++) {
        results[index] = await run(jobs[index] as Job, index);
      }
    }),
  );
  return results;
}
