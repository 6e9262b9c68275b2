import { GetCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { manufacturerKeys } from "../../../lib/aws/item-keys.ts";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, password, signIn, signUp } from "../../support/manufacturer.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import {
  askForMfaToken,
  enrolTotp,
  refreshed,
  signInWithTotp,
} from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const setUp = (token: string, body: Record<string, unknown> = {}) =>
  stack.http.post("/v1/mfa/totp", { body: { password, ...body }, token });

describe("201", () => {
  it("shows secret, URI and QR code once, of an app that counts for nothing yet", async () => {
    const owner = await signUp(stack);
    const { status, body } = await setUp(owner.accessToken, { label: "phone" });
    expect(status).toBe(201);
    const uri = new URL(body.otpauthUri);
    expect(uri.searchParams.get("secret")).toBe(body.secret);
    expect(decodeURIComponent(uri.pathname)).toContain(owner.email);
    expect(body.qrCodeSvg).toMatch(/^<svg /);
    const factors = await stack.http.get("/v1/mfa/factors", { token: owner.accessToken });
    expect(factors.body.items).toEqual([]);
    const again = await signIn(stack, owner);
    expect(claimsOf(again.accessToken)).toMatchObject({ acr: "aal1" });
  });

  it("leaves the app that is bound alone until the new one is confirmed, and then replaces it", async () => {
    const owner = await enrolTotp(stack, await signUp(stack), { label: "old phone" });
    const replacesFactorId = owner.app.factorId;
    await setUp(owner.accessToken, { label: "given up", replacesFactorId });
    const signedIn = await signInWithTotp(stack, owner);
    const moved = await enrolTotp(stack, signedIn, { label: "new phone", replacesFactorId });
    expect(moved.backupCodes).toEqual([]);
    const { body } = await stack.http.get("/v1/mfa/factors", { token: moved.accessToken });
    expect(body.items).toMatchObject([{ factorId: moved.app.factorId, label: "new phone" }]);
  });

  it("stores the secret sealed: the item holds nothing that the answer showed", async () => {
    const owner = await signUp(stack);
    const { body } = await setUp(owner.accessToken);
    const { Item } = await documentsOf(stack).send(
      new GetCommand({
        TableName: stack.tableNames.identity,
        Key: { pk: `MEM#${owner.memberId}`, sk: `FACTOR#${body.factorId}` },
      }),
    );
    expect(Item).toMatchObject({
      status: "pending",
      secret: { algorithm: "AES-256-GCM", manufacturerId: owner.manufacturerId },
    });
    expect(JSON.stringify(Item)).not.toContain(body.secret);
  });

  it("warm, the first costs a fresh access item, the member, an attempt at the password and the put", async () => {
    const owner = await signUp(stack);
    await setUp(owner.accessToken);
    expect(await countCalls(stack, () => setUp(owner.accessToken))).toEqual({
      dynamodb: 4,
      kms: 0,
    });
  });
});

describe("422 and 401 while no app is bound", () => {
  it("a session alone does not do: the current password is demanded, and no app is pending without", async () => {
    const owner = await signUp(stack);
    expect(await setUp(owner.accessToken, { password: undefined })).toMatchObject(
      problemAnswer("password-needed", { errors: [{ pointer: "/body/password" }] }),
    );
    expect(await setUp(owner.accessToken, { password: "not the password" })).toMatchObject(
      problemAnswer("invalid-credentials"),
    );
    const { Count } = await documentsOf(stack).send(
      new QueryCommand({
        TableName: stack.tableNames.identity,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: { ":pk": `MEM#${owner.memberId}`, ":sk": "FACTOR#" },
      }),
    );
    expect(Count).toBe(0);
  });

  it("five wrong ones in a row, in whatever sessions and at once, then 429; a right one forgives fewer", async () => {
    const owner = await signUp(stack);
    const other = await signIn(stack, owner);
    const wrong = (token: string) => setUp(token, { password: "not the password" });
    for (let count = 0; count < 4; count++) await wrong(owner.accessToken);
    expect((await setUp(owner.accessToken)).status).toBe(201);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        wrong(index % 2 === 0 ? owner.accessToken : other.accessToken),
      ),
    );
    expect(answers.filter(({ body }) => body.code === "invalid-credentials")).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === "too-many-attempts")).toHaveLength(7);
    expect(await setUp(owner.accessToken)).toMatchObject(problemAnswer("too-many-attempts"));
  });

  it("with an app bound it takes that one's proof instead", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const second = await setUp(owner.accessToken, { password: undefined });
    expect(second.status).toBe(201);
  });
});

describe("401", () => {
  it("asks a session that is not of the best assurance to step up first", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    stack.advanceClock(901);
    const later = await refreshed(stack, owner);
    expect(await setUp(later.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication", { maxAgeSeconds: 900 }),
    );
    const other = await signUp(stack);
    const second = await signIn(stack, other);
    await enrolTotp(stack, other, { endOtherSessions: false });
    expect(await setUp(second.accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }),
    );
  });

  it("asks for a recent authentication even where no app is bound", async () => {
    const owner = await signUp(stack);
    // Refreshed meanwhile, so that only the age of the authentication is left to refuse it.
    stack.advanceClock(901);
    expect(await setUp((await refreshed(stack, owner)).accessToken)).toMatchObject(
      problemAnswer("insufficient-authentication", { maxAgeSeconds: 900 }),
    );
  });
});

describe("404", () => {
  it("for an app to replace that is not the caller's", async () => {
    const owner = await signUp(stack);
    expect(
      await setUp(owner.accessToken, { replacesFactorId: `fac_${"x".repeat(22)}` }),
    ).toMatchObject(problemAnswer("not-found"));
  });
});

describe("409", () => {
  it("while the manufacturer is being erased, at sign-in too", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    await documentsOf(stack).send(
      new UpdateCommand({
        TableName: stack.tableNames.keys,
        Key: manufacturerKeys.active(owner.manufacturerId),
        UpdateExpression: "SET #state = :pending",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":pending": "erasure-pending" },
      }),
    );
    stack.coldStart();
    expect(await setUp(owner.accessToken)).toMatchObject(problemAnswer("erasure-pending"));
    const mfaToken = await askForMfaToken(stack, owner);
    const code = owner.app.nextCode();
    expect(await stack.http.post("/v1/auth/mfa/totp", { body: { mfaToken, code } })).toMatchObject(
      problemAnswer("erasure-pending"),
    );
  });

  it("at the sixth app", async () => {
    let owner = await enrolTotp(stack, await signUp(stack));
    for (let count = 2; count <= 5; count++) owner = await enrolTotp(stack, owner);
    expect(await setUp(owner.accessToken)).toMatchObject(problemAnswer("too-many-factors"));
  });
});

describe("429", () => {
  it("at the eleventh app within an hour, confirmed or not, until the hour is over", async () => {
    const owner = await signUp(stack);
    stack.advanceClock(3600 - (Math.floor(stack.now() / 1000) % 3600));
    const session = await signIn(stack, owner);
    for (let count = 1; count <= 10; count++) {
      expect((await setUp(session.accessToken)).status).toBe(201);
    }
    stack.advanceClock(60);
    const answer = await setUp(session.accessToken);
    expect(answer).toMatchObject(problemAnswer("too-many-set-ups"));
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(3500);
    expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(3540);
    stack.advanceClock(3540);
    expect((await setUp((await signIn(stack, owner)).accessToken)).status).toBe(201);
  });
});

describe("422", () => {
  it("for an attack in the label, which counts in its member's rate of attacks", async () => {
    const { accessToken, memberId } = await signUp(stack);
    const label = "<img src=x onerror=alert(1)>";
    expect(await setUp(accessToken, { label })).toMatchObject(
      problemAnswer("threat-detected", { errors: [{ pointer: "/body/label", code: "xss" }] }),
    );
    const counted = stack
      .logLines()
      .filter(({ line }) => line.includes('"attacksDetected":') && line.includes(memberId))
      .map(({ line }) => JSON.parse(line));
    expect(counted).toEqual([expect.objectContaining({ attacksDetected: 1, memberId })]);
  });
});

describe("503", () => {
  it("while the key service is away, and no secret is stored in the clear", async () => {
    const owner = await signUp(stack);
    stack.coldStart();
    stack.faults({ service: "kms", mode: "error", rate: 1 });
    expect(await setUp(owner.accessToken)).toMatchObject(problemAnswer("unavailable"));
  });
});
