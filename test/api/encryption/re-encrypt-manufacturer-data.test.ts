import { describe, expect, test } from "vitest";
import { signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

describe("200", () => {
  test("moves an envelope to the newest key: its old version can be withdrawn without loss", async () => {
    const { accessToken: token } = await signUpWithFactor(stack);
    const data = { kept: "through rotation" };
    const sealed = await stack.http.post("/v1/encryption/encrypt", {
      body: { data, context: { order: "7" } },
      token,
    });
    await stack.http.post("/v1/encryption/keys/rotate", { token });
    stack.advanceClock(30);
    const moved = await stack.http.post("/v1/encryption/re-encrypt", {
      body: {
        envelope: sealed.body.envelope,
        context: { order: "7" },
        algorithm: "ChaCha20-Poly1305",
      },
      token,
    });
    expect(moved.status).toBe(200);
    expect(moved.body.envelope).toMatchObject({
      keyId: "envelope#000002",
      algorithm: "ChaCha20-Poly1305",
      context: { order: "7" },
    });
    await stack.http.post("/v1/encryption/keys/1/revoke", { token, body: { force: true } });
    stack.advanceClock(30);
    const open = (envelope: unknown) =>
      stack.http.post("/v1/encryption/decrypt", {
        body: { envelope, context: { order: "7" } },
        token,
      });
    expect(await open(moved.body.envelope)).toMatchObject({ status: 200, body: { data } });
    expect(await open(sealed.body.envelope)).toMatchObject(problemAnswer("key-revoked"));
  });
});

describe("403, 422", () => {
  test("a stranger's and a forged envelope are refused, and recorded", async () => {
    const [owner, stranger] = await Promise.all([signUpWithFactor(stack), signUpWithFactor(stack)]);
    const { body } = await stack.http.post("/v1/encryption/encrypt", {
      body: { data: 1 },
      token: owner.accessToken,
    });
    const move = (envelope: unknown, token: string) =>
      stack.http.post("/v1/encryption/re-encrypt", { body: { envelope }, token });
    expect(await move(body.envelope, stranger.accessToken)).toMatchObject(
      problemAnswer("tenant-mismatch"),
    );
    const forged = { ...body.envelope, manufacturerId: stranger.manufacturerId };
    expect(await move(forged, stranger.accessToken)).toMatchObject(
      problemAnswer("commitment-mismatch"),
    );
    const audit = await stack.http.get("/v1/audit", { token: stranger.accessToken });
    const refused = audit.body.items.filter(
      ({ action }: { action: string }) => action === "encryption.envelope.refused",
    );
    expect(refused).toHaveLength(2);
  });
});
