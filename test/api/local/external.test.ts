import { expect, onTestFinished, test } from "vitest";
import { startDatabase } from "../../../local/database.ts";
import { startKms } from "../../../local/kms/start-kms.ts";
import { startStack } from "../../../local/stack.ts";
import { httpClient } from "../../support/http-client.ts";

test("a stack on other servers keeps nothing itself: the next one on them knows its keys", async () => {
  const [database, kms] = await Promise.all([startDatabase({}), startKms(Date.now)]);
  onTestFinished(async () => {
    await Promise.all([database.close(), kms.close()]);
  });
  const external = { dynamodb: database.url(), kms: kms.url };
  const readKeys = async () => {
    const stack = await startStack({ external });
    const { body } = await httpClient(stack.url).get("/.well-known/jwks.json");
    await expect(stack.restartDatabase()).rejects.toThrow("not this stack's");
    await stack.close();
    return body.keys;
  };
  const keys = await readKeys();
  expect(keys).not.toHaveLength(0);
  expect(await readKeys()).toEqual(keys);
});
