import fc from "fast-check";
import { calculateJwkThumbprint } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyDeviceProof } from "../../../lib/devices/device-proof.ts";
import type { SoftwareDevice } from "../../support/device.ts";
import { createDevice } from "../../support/device.ts";

const nowMs = Date.UTC(2026, 10, 24, 12);
const audience = "https://issuer.example";
const claims = { nonce: "nonce", aud: audience, nowMs };
let device: SoftwareDevice;
let other: SoftwareDevice;
beforeAll(async () => {
  [device, other] = [await createDevice(), await createDevice()];
});
const verify = (proof: string, atMs = nowMs) =>
  verifyDeviceProof(proof, {
    deviceId: device.deviceId,
    publicJwk: device.publicJwk,
    audience,
    nowMs: atMs,
  });

describe("a device proof", () => {
  it("of the device's own key answers its nonce", async () => {
    expect(await verify(device.prove(claims))).toBe("nonce");
  });

  it("names the device by the thumbprint of its key (RFC 7638)", async () => {
    expect(device.deviceId).toBe(`dev_${await calculateJwkThumbprint(device.publicJwk)}`);
  });

  it("of another key is refused, though it names this device", async () => {
    expect(await verify(other.prove(claims, { kid: device.deviceId }))).toBeUndefined();
  });

  it("for another audience is refused", async () => {
    expect(await verify(device.prove({ ...claims, aud: "https://evil.example" }))).toBeUndefined();
  });

  it.each([
    { typ: "at+jwt" },
    { typ: undefined },
    { kid: "dev_another" },
    { alg: "none" },
    { alg: "HS256" },
    { crit: ["exp"] },
  ])("with the header %j is refused", async (header) => {
    expect(await verify(device.prove(claims, header))).toBeUndefined();
  });

  it("is refused where its clock is more than five minutes off", async () => {
    const proof = device.prove(claims);
    expect(await verify(proof, nowMs + 300_000)).toBe("nonce");
    expect(await verify(proof, nowMs + 301_000)).toBeUndefined();
    expect(await verify(proof, nowMs - 301_000)).toBeUndefined();
  });

  it("that is no proof at all is refused and not an error", async () => {
    for (const text of ["", "a.b.c", "..", `${device.prove(claims)}A`]) {
      expect(await verify(text)).toBeUndefined();
    }
  });

  it("under coordinates that are no point of the curve is refused and not an error", async () => {
    const publicJwk = { ...device.publicJwk, y: device.publicJwk.x };
    const verdict = await verifyDeviceProof(device.prove(claims), {
      deviceId: device.deviceId,
      publicJwk,
      audience,
      nowMs,
    });
    expect(verdict).toBeUndefined();
  });

  it("is never anything but its nonce or a refusal, whatever is sent and wherever it is changed", async () => {
    const proof = device.prove(claims);
    const changed = fc
      .tuple(fc.nat(proof.length - 1), fc.string({ unit: "binary", minLength: 1, maxLength: 3 }))
      .map(([at, text]) => proof.slice(0, at) + text + proof.slice(at + 1));
    const segment = fc.json().map((json) => Buffer.from(json).toString("base64url"));
    const built = fc.tuple(segment, segment, segment).map((segments) => segments.join("."));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), changed, built), async (text) => {
        // The last character of a signature has bits that mean nothing.
        expect([undefined, "nonce"]).toContain(await verify(text));
        if (text.split(".").slice(0, 2).join() !== proof.split(".").slice(0, 2).join())
          expect(await verify(text)).toBeUndefined();
      }),
    );
  });
});
