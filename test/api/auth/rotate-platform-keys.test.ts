import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { platformKeyStore } from "../../../lib/auth/platform-key-store.ts";
import { platformKeys } from "../../../lib/aws/item-keys.ts";
import { password, signIn, signUp, signUpRequest } from "../../support/manufacturer.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const day = 24 * 3600;
const rotate = (event: unknown = {}) =>
  stack.invoke("rotatePlatformKeys", event) as Promise<{
    addedKeyId?: string;
    activeFrom?: string;
    removedKeyIds: string[];
    createdSecrets: string[];
  }>;
const keyIdOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid;

async function publishedKeyIds(): Promise<string[]> {
  stack.coldStart();
  const { body } = await stack.http.get("/.well-known/jwks.json");
  return body.keys.map(({ kid }: { kid: string }) => kid);
}
const read = (token: string) => stack.http.get("/v1/manufacturers/me", { token });

describe("rotation", () => {
  test("running it again changes nothing", async () => {
    const before = await publishedKeyIds();
    expect(await rotate()).toEqual({
      removedKeyIds: [],
      createdSecrets: [],
      removedSecrets: [],
    });
    expect(await publishedKeyIds()).toEqual(before);
  });

  test("the next key is published a day before it signs, the old one stays for its last tokens, then goes; no token is refused on the way", async () => {
    const owner = await signUp(stack);
    const first = keyIdOf(owner.accessToken);
    const credentials = { email: owner.email, password };
    stack.advanceClock(29 * day);
    const { addedKeyId } = await rotate();
    expect(addedKeyId).toBeDefined();
    expect(await publishedKeyIds()).toEqual([first, addedKeyId]);
    expect(keyIdOf((await signIn(stack, credentials)).accessToken)).toBe(first);

    stack.advanceClock(day - 5);
    const last = await signIn(stack, credentials);
    expect(keyIdOf(last.accessToken)).toBe(first);
    stack.advanceClock(5);
    const next = await signIn(stack, credentials);
    expect(keyIdOf(next.accessToken)).toBe(addedKeyId);
    stack.advanceClock(594);
    expect((await rotate()).removedKeyIds).toEqual([]);
    for (const { accessToken } of [last, next]) {
      expect((await read(accessToken)).status).toBe(200);
    }
    stack.advanceClock(120);
    expect((await rotate()).removedKeyIds).toEqual([first]);
    expect(await publishedKeyIds()).toEqual([addedKeyId]);
  });

  test("a compromised key is withdrawn: its tokens are refused within a minute, new ones work", async () => {
    const owner = await signUp(stack);
    await read(owner.accessToken);
    const compromised = keyIdOf(owner.accessToken);
    const { addedKeyId, removedKeyIds } = await rotate({ compromised: true });
    expect(removedKeyIds).toEqual([compromised]);
    stack.advanceClock(60);
    expect(await read(owner.accessToken)).toMatchObject(
      problemAnswer("invalid-token", { reason: "unknown-key" }),
    );
    const { accessToken } = await signIn(stack, { email: owner.email, password });
    expect(keyIdOf(accessToken)).toBe(addedKeyId);
    expect((await read(accessToken)).status).toBe(200);
  });

  test("a token of a key that a function has not heard of yet works at once", async () => {
    // Another test may have used up the one look in five seconds.
    stack.advanceClock(6);
    const owner = await signUp(stack);
    expect((await read(owner.accessToken)).status).toBe(200);
    const { addedKeyId } = await rotate({ compromised: true });
    await stack.http.get("/.well-known/jwks.json");
    stack.coldStart("signIn");
    const { accessToken } = await signIn(stack, { email: owner.email, password });
    expect(keyIdOf(accessToken)).toBe(addedKeyId);
    expect((await read(accessToken)).status).toBe(200);
    expect(await read(owner.accessToken)).toMatchObject(
      problemAnswer("invalid-token", { reason: "unknown-key" }),
    );
  });

  test("ten rotations at once make one key", async () => {
    const before = await publishedKeyIds();
    stack.advanceClock(29 * day + 1);
    const { fulfilled } = await race(10, () => rotate());
    const added = fulfilled.filter(({ addedKeyId }) => addedKeyId);
    expect(added).toHaveLength(1);
    expect(await publishedKeyIds()).toHaveLength(before.length + 1);
    stack.advanceClock(day + 700);
    await rotate();
  });
});

test("before the first deployment task nobody signs up or in: 503 keys-not-ready", async () => {
  const { email } = await signUp(stack);
  const documents = documentsOf(stack);
  const remove = (key: { pk: string; sk: string }) =>
    documents.send(new DeleteCommand({ TableName: stack.tableNames.keys, Key: key }));
  for (const keyId of await publishedKeyIds()) await remove(platformKeys.signing(keyId));
  stack.coldStart();
  const signedIn = await stack.http.post("/v1/auth/sign-in", { body: { email, password } });
  expect(signedIn).toMatchObject(problemAnswer("keys-not-ready"));
  expect(signedIn.headers.get("retry-after")).toBe("5");
  await rotate();
  stack.coldStart();
  await signIn(stack, { email, password });

  stack.coldStart();
  for (const { purpose, version } of await platformKeyStore(
    documents,
    stack.tableNames.keys,
  ).listSecrets()) {
    if (purpose === "ticket") await remove(platformKeys.secret(purpose, version));
  }
  const signUpAnswer = await stack.http.post("/v1/manufacturers", {
    body: signUpRequest("somebody@rohrwerk.example"),
  });
  expect(signUpAnswer).toMatchObject(problemAnswer("keys-not-ready"));
  expect((await rotate()).createdSecrets).toEqual(["ticket#1"]);
});
