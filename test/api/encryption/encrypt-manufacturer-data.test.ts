import { DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { manufacturerKeys } from "../../../lib/aws/item-keys.ts";
import { region } from "../../../local/aws-account.ts";
import { countCalls } from "../../support/count-calls.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";
import { stackDocuments, stackKms } from "../../support/stack-documents.ts";
import { setOfKeys } from "./spoil-keys.ts";

const stack = useStack();
const encrypt = (body: unknown, token?: string) =>
  stack.http.post("/v1/encryption/encrypt", { body, ...(token === undefined ? {} : { token }) });

let owner: SignedInMember;
beforeAll(async () => {
  owner = await signUpWithFactor(stack);
});

describe("200", () => {
  test("answers an envelope that says how to open it and shows nothing of the data", async () => {
    const data = { licence: "L-4711", formula: ["nickel", 12.5] };
    const { status, body } = await encrypt({ data, context: { order: "4711" } }, owner.accessToken);
    expect(status).toBe(200);
    expect(body.envelope).toMatchObject({
      version: "1",
      algorithm: "AES-256-GCM",
      manufacturerId: owner.manufacturerId,
      keyId: "envelope#000001",
      region,
      context: { order: "4711" },
    });
    const bytes = Buffer.from(body.envelope.ciphertext, "base64url");
    expect(bytes.includes("nickel")).toBe(false);
  });

  test("the same data twice gives two envelopes that have no secret part in common", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => encrypt({ data: "same" }, owner.accessToken)),
    );
    for (const part of ["salt", "iv", "commitment", "tag", "ciphertext"]) {
      expect(first?.body.envelope[part]).not.toBe(second?.body.envelope[part]);
    }
  });

  test("warm, it costs the charge alone; after 30 seconds one read more", async () => {
    const member = await signUpWithFactor(stack);
    const run = () => encrypt({ data: { some: "data" } }, member.accessToken);
    await run();
    stack.coldStart();
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 6, kms: 1 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 1, kms: 0 });
    stack.advanceClock(30);
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 2, kms: 0 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 1, kms: 0 });
  });

  test("ChaCha20-Poly1305 on request", async () => {
    const request = { data: 1, algorithm: "ChaCha20-Poly1305" };
    const { body } = await encrypt(request, owner.accessToken);
    expect(body.envelope.algorithm).toBe("ChaCha20-Poly1305");
  });
});

describe("400", () => {
  test.each([
    [{}, "/body"],
    [{ data: 1, algorithm: "AES-128-ECB" }, "/body/algorithm"],
    [{ data: 1, manufacturerId: "mfr_other" }, "/body/manufacturerId"],
    [{ data: 1, context: { order: 4711 } }, "/body/context/order"],
    [JSON.parse('{"data":1,"context":{"__proto__":"4711"}}'), "/body/context/__proto__"],
  ])("refuses %j", async (body, pointer) => {
    const answer = await encrypt(body, owner.accessToken);
    expect(answer).toMatchObject(problemAnswer("invalid-request"));
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

describe("401, 403", () => {
  test("without a token", async () => {
    expect(await encrypt({ data: 1 })).toMatchObject(problemAnswer("missing-token"));
  });

  test("a viewer does not seal", async () => {
    const viewer = await inviteMember(stack, owner, "viewer");
    expect(await encrypt({ data: 1 }, viewer.accessToken)).toMatchObject(
      problemAnswer("forbidden"),
    );
  });

  test("data that lives in another region is not sealed here", async () => {
    const { accessToken, manufacturerId } = await signUpWithFactor(stack);
    await setOfKeys(stack, manufacturerId, "region", "us-east-1");
    expect(await encrypt({ data: 1 }, accessToken)).toMatchObject(
      problemAnswer("residency-violation"),
    );
  });
});

describe("404", () => {
  test("a manufacturer without keys is not given any on the way", async () => {
    const { accessToken, manufacturerId } = await signUpWithFactor(stack);
    await stackDocuments(stack).send(
      new DeleteCommand({
        TableName: stack.tableNames.keys,
        Key: manufacturerKeys.active(manufacturerId),
      }),
    );
    expect(await encrypt({ data: 1 }, accessToken)).toMatchObject(
      problemAnswer("key-version-unknown"),
    );
  });
});

describe("413", () => {
  test("a context of more than 16 KiB does not, so that whatever was sealed fits a request again", async () => {
    const pairs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}`, "\u0001".repeat(160)]));
    const context = pairs(16);
    const fits = await encrypt({ data: "x".repeat(1_499_998), context }, owner.accessToken);
    expect(fits.status).toBe(200);
    const opened = await stack.http.post("/v1/encryption/decrypt", {
      body: { envelope: fits.body.envelope, context },
      token: owner.accessToken,
    });
    expect(opened.status).toBe(200);
    const tooMuch = { ...context, 1: "\u0001".repeat(500) };
    expect(await encrypt({ data: 1, context: tooMuch }, owner.accessToken)).toMatchObject(
      problemAnswer("limit-exceeded"),
    );
  });

  test("more than 1,500,000 bytes of JSON do not fit an envelope", async () => {
    const fits = await encrypt({ data: "x".repeat(1_499_998) }, owner.accessToken);
    expect(fits.status).toBe(200);
    const decrypted = await stack.http.post("/v1/encryption/decrypt", {
      body: { envelope: fits.body.envelope },
      token: owner.accessToken,
    });
    expect(decrypted.body.data).toHaveLength(1_499_998);
    const tooMuch = await encrypt({ data: "x".repeat(1_499_999) }, owner.accessToken);
    expect(tooMuch).toMatchObject(problemAnswer("limit-exceeded"));
  });
});

describe("502, 503", () => {
  test("fails closed while the key service refuses, throttles or is away, and then goes on", async () => {
    const { accessToken } = await signUpWithFactor(stack);
    const run = () => {
      stack.coldStart();
      return encrypt({ data: 1 }, accessToken);
    };
    const kms = stackKms(stack);
    const key = { KeyId: "alias/manufacturer-security-local-manufacturer" };
    await kms.send(new DisableKeyCommand(key));
    expect(await run()).toMatchObject(problemAnswer("kms-denied"));
    await kms.send(new EnableKeyCommand(key));
    stack.faults({ service: "kms", mode: "throttle" });
    expect(await run()).toMatchObject(problemAnswer("kms-throttled"));
    stack.faults({ service: "kms", mode: "error" });
    expect(await run()).toMatchObject(problemAnswer("kms-unavailable"));
    stack.faults({ service: "kms", mode: "none" });
    expect((await run()).status).toBe(200);
  });
});
