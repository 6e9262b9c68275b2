import { describe, expect, it } from "vitest";
import { deviceIdOf } from "../../../lib/devices/device.ts";
import { createDevice, nonceOf, registerDevice } from "../../support/device.ts";
import { signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { askForMfaToken, enrolTotp, refreshed } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const challenge = async (token: string) =>
  (await stack.http.post("/v1/devices/challenge", { token })).body.nonce as string;
const register = (token: string, body: unknown) => stack.http.post("/v1/devices", { body, token });
const claims = (nonce: string) => ({ nonce, aud: stack.url, nowMs: stack.now() });

/** The same 32 bytes with the two bits set that base64url has to spare. */
const otherSpellingOf = (text: string): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.slice(-1)) + 1];
};

describe("201", () => {
  it("a device is bound, listed, renamed, offered at sign-in, and revoked", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const token = owner.accessToken;
    const { deviceId } = await registerDevice(stack, owner, "laptop");
    const list = async () => (await stack.http.get("/v1/devices", { token })).body.items;
    expect(await list()).toMatchObject([{ deviceId, label: "laptop" }]);
    const path = `/v1/devices/${deviceId}`;
    const renamed = await stack.http.patch(path, { body: { label: "work laptop" }, token });
    expect(renamed).toMatchObject({ status: 200, body: { label: "work laptop" } });
    const { body } = await stack.http.post("/v1/auth/sign-in", {
      body: { email: owner.email, password: owner.password },
    });
    expect(body.methods).toContain("device");
    expect((await stack.http.delete(path, { token })).status).toBe(204);
    expect(await list()).toEqual([]);
    for (const answer of [
      await stack.http.delete(path, { token }),
      await stack.http.patch(path, { body: { label: "gone" }, token }),
    ]) {
      expect(answer).toMatchObject(problemAnswer("not-found"));
    }
    await stack.settled();
    const subjects = stack
      .outbox()
      .filter(({ to }) => to.includes(owner.email))
      .map(({ subject }) => subject);
    expect(subjects).toEqual(
      expect.arrayContaining(["A device is trusted now", "A device is trusted no more"]),
    );
  });

  it("trust ends by itself after 180 days", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const device = await registerDevice(stack, owner);
    stack.advanceClock(180 * 86_400 + 1);
    const mfaToken = await askForMfaToken(stack, owner);
    const nonce = nonceOf(mfaToken);
    const answer = await stack.http.post("/v1/auth/mfa/device", {
      body: { mfaToken, deviceId: device.deviceId, proof: device.prove(claims(nonce)) },
    });
    expect(answer).toMatchObject(problemAnswer("invalid-device-proof"));
  });
});

describe("400", () => {
  it("for another spelling of a key: a revoked one does not come back under a second name", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const token = owner.accessToken;
    const device = await registerDevice(stack, owner);
    await stack.http.delete(`/v1/devices/${device.deviceId}`, { token });
    const x = otherSpellingOf(device.publicJwk.x);
    const publicKeyJwk = { ...device.publicJwk, x };
    const kid = await deviceIdOf(publicKeyJwk);
    const proof = device.prove(claims(await challenge(token)), { kid });
    expect(await register(token, { publicKeyJwk, label: "again", proof })).toMatchObject(
      problemAnswer("invalid-request", { errors: [{ pointer: "/body/publicKeyJwk/x" }] }),
    );
  });

  it("for a key that is not a public P-256 key; a private part is never taken", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const device = await createDevice();
    const proof = device.prove(claims(await challenge(owner.accessToken)));
    for (const change of [
      { d: "A".repeat(43) },
      { crv: "P-384" },
      { kty: "RSA" },
      { x: "short" },
    ]) {
      const publicKeyJwk = { ...device.publicJwk, ...change };
      expect(await register(owner.accessToken, { publicKeyJwk, label: "x", proof })).toMatchObject(
        problemAnswer("invalid-request"),
      );
    }
  });
});

describe("422", () => {
  it("for an attack in the label, when it is given and when it is changed", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const token = owner.accessToken;
    const label = "<script>alert(1)</script>";
    const refusal = problemAnswer("threat-detected", {
      errors: [{ pointer: "/body/label", code: "xss" }],
    });
    const device = await createDevice();
    const proof = device.prove(claims(await challenge(token)));
    const publicKeyJwk = device.publicJwk;
    expect(await register(token, { publicKeyJwk, label, proof })).toMatchObject(refusal);
    const { deviceId } = await register(token, {
      publicKeyJwk,
      label: `Anna's 15" laptop`,
      proof,
    }).then(({ body }) => body);
    const path = `/v1/devices/${deviceId}`;
    expect(await stack.http.patch(path, { body: { label }, token })).toMatchObject(refusal);
  });
});

describe("401", () => {
  it("a challenge binds one device, of twenty attempts at the same moment", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const nonce = await challenge(owner.accessToken);
    const devices = await Promise.all(Array.from({ length: 20 }, createDevice));
    const { fulfilled } = await race(20, (index) => {
      const device = devices[index] ?? devices[0];
      return register(owner.accessToken, {
        publicKeyJwk: device?.publicJwk,
        label: `device ${index}`,
        proof: device?.prove(claims(nonce)),
      });
    });
    expect(fulfilled.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it("for a proof of another key, another's challenge, an expired one, and a key that is bound", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const stranger = await enrolTotp(stack, await signUp(stack));
    const [device, other] = [await createDevice(), await createDevice()];
    const attempt = async (proof: string, token = owner.accessToken) =>
      register(token, { publicKeyJwk: device.publicJwk, label: "x", proof });
    const refused = problemAnswer("invalid-device-proof");
    const own = await challenge(owner.accessToken);
    expect(await attempt(other.prove(claims(own), { kid: device.deviceId }))).toMatchObject(
      refused,
    );
    const theirs = await challenge(stranger.accessToken);
    expect(await attempt(device.prove(claims(theirs)))).toMatchObject(refused);
    expect(await attempt(device.prove(claims("made-up")))).toMatchObject(refused);
    expect((await attempt(device.prove(claims(own)))).status).toBe(201);
    const next = await challenge(owner.accessToken);
    expect(await attempt(device.prove(claims(next)))).toMatchObject(refused);
    const stale = await challenge(owner.accessToken);
    stack.advanceClock(301);
    const { accessToken } = await refreshed(stack, owner);
    expect(await attempt(device.prove(claims(stale)), accessToken)).toMatchObject(refused);
  });

  it("in a session that is not fresh and at aal2", async () => {
    const base = await signUp(stack);
    const weak = await signIn(stack, base);
    await enrolTotp(stack, base, { endOtherSessions: false });
    const device = await createDevice();
    const proof = device.prove(claims(await challenge(weak.accessToken)));
    expect(
      await register(weak.accessToken, { publicKeyJwk: device.publicJwk, label: "x", proof }),
    ).toMatchObject(problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }));
  });
});

describe("409", () => {
  it("at the eleventh device, and where the last authenticator app has gone", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    for (let count = 0; count < 10; count++) await registerDevice(stack, owner);
    const device = await createDevice();
    const attempt = async () =>
      register(owner.accessToken, {
        publicKeyJwk: device.publicJwk,
        label: "x",
        proof: device.prove(claims(await challenge(owner.accessToken))),
      });
    expect(await attempt()).toMatchObject(problemAnswer("too-many-factors"));
    const token = owner.accessToken;
    expect(
      (await stack.http.delete(`/v1/mfa/factors/${owner.app.factorId}`, { token })).status,
    ).toBe(204);
    expect(await attempt()).toMatchObject(problemAnswer("second-factor-needed"));
    expect((await stack.http.get("/v1/devices", { token })).body.items).toEqual([]);
  });
});
