import { beforeAll, describe, expect, test } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
let owner: SignedInMember;
beforeAll(async () => {
  owner = await signUpWithFactor(stack);
});

/** Sends and reads texts, not values: a parsed value would hide what changed on the way. */
async function post(path: string, body: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${stack.url}/v1/encryption/${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${owner.accessToken}`,
      "content-type": "application/json",
    },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** What decrypting answers after `body` was encrypted. */
async function sealAndOpen(body: string): Promise<string> {
  const sealed = await post("encrypt", body);
  expect(sealed).toMatchObject({ status: 200 });
  const opened = await post("decrypt", sealed.text);
  expect(opened).toMatchObject({ status: 200 });
  return opened.text;
}

describe("what is opened is what was sealed, to the character", () => {
  test.each([
    ["an integer beyond 2^53", "9007199254740993"],
    ["an integer of forty digits", "1234567890123456789012345678901234567890"],
    ["a decimal of more digits than a double holds", "0.12345678901234567890123"],
    ["trailing zeros", "123.4500"],
    ["a whole number written as a decimal", "1.0"],
    ["minus zero", "-0"],
    ["an exponent", "1E+2"],
    ["an amount too small for a double", "1e-400"],
    ["names that look like integers, in their order", '{"10":1,"9":2,"a":3,"1":4}'],
    ["a name with a meaning in JavaScript", '{"__proto__":{"isAdmin":true}}'],
    ["escapes as they were written", '"\\u00fc\\/ü\\ud83d\\ude00"'],
    ["indentation", '{\n  "part": [ 1,\t2 ]\r\n}'],
    ["no value at all", "null"],
  ])("%s", async (_, json) => {
    expect(await sealAndOpen(`{"data":${json}}`)).toBe(`{"data":${json}}`);
  });

  test.each(["", "4711", "{}", "ü \u0000 \u2028 😀"])("the text %j", async (text) => {
    const body = JSON.stringify({ text });
    expect(await sealAndOpen(body)).toBe(body);
  });

  test.each([0, 1, 2, 3, 256])("%i bytes, zeros and invalid UTF-8 among them", async (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, n) => (n * 129) % 256));
    const body = `{"bytes":"${bytes.toString("base64url")}"}`;
    expect(await sealAndOpen(body)).toBe(body);
  });

  test("and stays so when the envelope is moved to a newer key", async () => {
    const body = '{"bytes":"_wA"}';
    const moved = await post("re-encrypt", (await post("encrypt", body)).text);
    expect((await post("decrypt", moved.text)).text).toBe(body);
  });
});

describe("the kind of content is sealed as well", () => {
  test.each([
    ["text", undefined],
    ["text", "bytes"],
    ["bytes", undefined],
    ["bytes", "text"],
    ["data", "text"],
  ])("%s is not opened as %s", async (kind, relabelled) => {
    const sealed = JSON.parse((await post("encrypt", `{"${kind}":"QUFB"}`)).text);
    const envelope = { ...sealed.envelope, content: relabelled };
    const { text } = await post("decrypt", JSON.stringify({ envelope }));
    expect(JSON.parse(text)).toMatchObject(problemAnswer("commitment-mismatch").body);
  });
});

describe("400", () => {
  test.each([
    ["{}", "/body", "one-of-data-text-bytes"],
    ['{"data":1,"text":""}', "/body", "one-of-data-text-bytes"],
    ['{"data":null,"bytes":""}', "/body", "one-of-data-text-bytes"],
    ['{"text":1}', "/body/text", "wrong-type"],
    ['{"bytes":"AB"}', "/body/bytes", "invalid-format"],
    ['{"bytes":"AA=="}', "/body/bytes", "invalid-format"],
    ['{"bytes":"+A"}', "/body/bytes", "invalid-format"],
    ['{"data":{"a":[1e309]}}', "/body/data/a/0", "out-of-range"],
    ['{"data":"\\ud800"}', "/body/data", "malformed-unicode"],
    ['{"text":"\\udc00"}', "/body/text", "malformed-unicode"],
  ])("%s is refused at %s: %s", async (body, pointer, code) => {
    const answer = await post("encrypt", body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).errors).toEqual([{ pointer, code }]);
  });
});

test("413: text and bytes have the limit that JSON has, 1,500,000 bytes", async () => {
  const fits = `{"text":"${"x".repeat(1_500_000)}"}`;
  expect((await post("encrypt", fits)).status).toBe(200);
  for (const tooMuch of [
    { text: "x".repeat(1_500_001) },
    { bytes: Buffer.alloc(1_500_001).toString("base64url") },
  ]) {
    expect((await post("encrypt", JSON.stringify(tooMuch))).status).toBe(413);
  }
});
