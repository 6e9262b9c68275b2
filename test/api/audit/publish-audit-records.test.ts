import { DeleteCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { inviteMember, signUp } from "../../support/manufacturer.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

test("each record becomes one event, in the order of the changes, with the action as its type", async () => {
  const owner = await signUp(stack);
  await inviteMember(stack, owner, "viewer");
  await stack.settled();
  const { body } = await stack.http.get("/v1/audit", { token: owner.accessToken });
  const events = stack
    .events()
    .filter(
      ({ detail }) =>
        (detail as { manufacturerId: string }).manufacturerId === owner.manufacturerId,
    );
  expect(events.map(({ detail }) => detail)).toEqual(body.items.toReversed());
  expect(events.map((event) => event["detail-type"])).toEqual(
    body.items.toReversed().map(({ action }: { action: string }) => action),
  );
});

test("a record that somebody removes raises the tamper alarm", async () => {
  const { manufacturerId } = await signUp(stack);
  await stack.settled();
  const before = alarms().length;
  const documents = documentsOf(stack);
  const TableName = stack.tableNames.audit;
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :day",
      ExpressionAttributeValues: {
        ":day": `MFR#${manufacturerId}#${new Date(stack.now()).toISOString().slice(0, 10)}`,
      },
    }),
  );
  const { pk, sk } = Items[0] ?? {};
  await documents.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
  await stack.settled();
  expect(alarms()).toHaveLength(before + 1);
});

/** Lines of the metric that the alarm watches. */
const alarms = () =>
  stack
    .logLines()
    .filter(
      ({ operationId, line }) =>
        operationId === "publishAuditRecords" && line.includes('"auditTampered":1'),
    );

test("what the service itself removes after its time is no tampering", async () => {
  const Records = [
    {
      eventName: "REMOVE",
      dynamodb: {},
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    },
    { eventName: "MODIFY", dynamodb: {} },
  ];
  expect(await stack.invoke("publishAuditRecords", { Records })).toEqual({
    published: 0,
    tampered: 1,
  });
});
