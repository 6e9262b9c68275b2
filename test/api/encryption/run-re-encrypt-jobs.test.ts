import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { signIn, signUpWithFactor } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";
import { dumpTable, stackDocuments } from "../../support/stack-documents.ts";

const stack = useStack();
const taxId = "DE811569869";
const run = () => stack.invoke("runReEncryptJobs", {});

describe("after a rotation of record keys", () => {
  test("the profile moves to the new version at once; the old one is destroyed after the fence, two empty passes and as long as backups of the profile reach", async () => {
    const owner = await signUpWithFactor(stack, { taxId });
    await stack.http.post("/v1/encryption/keys/rotate?purpose=record", {
      token: owner.accessToken,
    });
    const keyIdsOf = async () =>
      (JSON.parse(await dumpTable(stack, "identity")) as Record<string, { keyId?: string }>[])
        .filter(({ manufacturerId }) => String(manufacturerId) === owner.manufacturerId)
        .flatMap(({ sensitive }) => sensitive?.keyId ?? []);
    expect(await keyIdsOf()).toEqual(["record#000001"]);
    expect(await run()).toMatchObject({ done: 0 });
    expect(await keyIdsOf()).toEqual(["record#000002"]);

    const stateOf = async () => {
      const { accessToken: token } = await signIn(stack, owner);
      const { body } = await stack.http.get("/v1/encryption/keys", { token });
      return body.items.find(({ keyId }: { keyId: string }) => keyId === "record#000001").state;
    };
    expect(await stateOf()).toBe("retiring");
    stack.advanceClock(26 * 60);
    await run();
    expect(await stateOf()).toBe("blocked");
    stack.advanceClock(35 * 86_400 - 60);
    for (let runs = 0; runs < 3; runs += 1) await run();
    expect(await stateOf()).toBe("blocked");
    stack.advanceClock(7_200);
    for (let runs = 0; runs < 3; runs += 1) await run();
    expect(await stateOf()).toBe("destroyed");

    const { accessToken: token } = await signIn(stack, owner);
    const profile = await stack.http.get("/v1/manufacturers/me", { token });
    expect(profile.body.taxId).toBe(taxId);
  });

  test("a second factor's sealed secret is found along its member, whoever that is", async () => {
    const owner = await signUpWithFactor(stack);
    const sealed = (JSON.parse(await dumpTable(stack, "identity")) as Record<string, unknown>[])
      .map(({ sensitive }) => sensitive as { manufacturerId: string } | undefined)
      .find((envelope) => envelope?.manufacturerId === owner.manufacturerId);
    await stack.http.post("/v1/encryption/keys/rotate?purpose=record", {
      token: owner.accessToken,
    });
    // Sealed for another place: the job must meet it, and must refuse to move what it cannot open.
    const { pk } = identityKeys.memberOf(owner.memberId);
    await stackDocuments(stack).send(
      new PutCommand({
        TableName: stack.tableNames.identity,
        Item: { pk, sk: "FACTOR#fac_test", secret: sealed },
      }),
    );
    await expect(run()).rejects.toThrow("re-encrypt jobs failed");
    await stackDocuments(stack).send(
      new DeleteCommand({
        TableName: stack.tableNames.identity,
        Key: { pk, sk: "FACTOR#fac_test" },
      }),
    );
    expect(await run()).toMatchObject({ done: 0 });
  });
});
