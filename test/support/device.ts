import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { PublicJwk } from "../../lib/devices/device.ts";
import { deviceIdOf } from "../../lib/devices/device.ts";
import type { Stack } from "../../local/stack.ts";
import { httpClient } from "./http-client.ts";
import type { EnrolledMember } from "./second-factor.ts";

/** A device that keeps a P-256 key, as a browser or a secure element would. */
export interface SoftwareDevice {
  deviceId: string;
  publicJwk: PublicJwk;
  prove: (claims: ProofClaims, header?: Record<string, unknown>) => string;
}

export interface ProofClaims {
  nonce: string;
  aud: string;
  nowMs: number;
}

export async function createDevice(): Promise<SoftwareDevice> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  const publicJwk = { kty, crv, x, y } as PublicJwk;
  const deviceId = await deviceIdOf(publicJwk);
  return {
    deviceId,
    publicJwk,
    prove: ({ nonce, aud, nowMs }, header = {}) => {
      const text = [
        { alg: "ES256", typ: "device-proof+jwt", kid: deviceId, ...header },
        { nonce, aud, jti: randomUUID(), iat: Math.floor(nowMs / 1000) },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      const signature = sign("sha256", Buffer.from(text), {
        key: privateKey,
        dsaEncoding: "ieee-p1363",
      });
      return `${text}.${signature.toString("base64url")}`;
    },
  };
}

/** What a device signs to finish a sign-in: the mfa token, which it cannot read, by its SHA-256. */
export const nonceOf = (mfaToken: string): string =>
  createHash("sha256").update(mfaToken).digest("base64url");

/** Binds a new device to a member whose session is fresh and at `aal2`. */
export async function registerDevice(
  stack: Pick<Stack, "url" | "now">,
  member: Pick<EnrolledMember, "accessToken">,
  label = "laptop",
): Promise<SoftwareDevice> {
  const http = httpClient(stack.url);
  const token = member.accessToken;
  const device = await createDevice();
  const { nonce } = (await http.post("/v1/devices/challenge", { token })).body;
  const proof = device.prove({ nonce, aud: stack.url, nowMs: stack.now() });
  const { status, body } = await http.post("/v1/devices", {
    body: { publicKeyJwk: device.publicJwk, label, proof },
    token,
  });
  if (status !== 201) throw new Error(`expected 201, got ${status} ${JSON.stringify(body)}`);
  return device;
}
