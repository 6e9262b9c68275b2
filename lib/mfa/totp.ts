import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";

/** RFC 4226 section 4 asks for 160 bits; SHA-1, 6 digits and 30 s are what every app speaks (RFC 6238). */
const secretBytes = 20;
export const stepMs = 30_000;
const digits = 6;
/** One step to either side: a clock that is off, or a code typed as it changed. */
const window = 1;

/** ASCII digits only: other scripts' digits would reach a comparison that throws on them. */
const codePattern = /^[0-9]{6}$/;

/** What the authenticator app shows above the account. */
export const totpIssuer = "Manufacturer Security";

export const newTotpSecret = (): Uint8Array => randomBytes(secretBytes);

/** The URI that authenticator apps read from a QR code. */
export const otpauthUri = (
  secret: Uint8Array,
  { issuer, account }: { issuer: string; account: string },
): string => totp(secret, issuer, account).toString();

/** The secret as a person would type it. */
export const toBase32 = (secret: Uint8Array): string => secretOf(secret).base32;

/**
 * The time step that a code belongs to, or undefined where it matches none in the window. Whether that
 * step was used before is for the caller's condition to decide.
 */
export function matchStep(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  if (!codePattern.test(code)) return undefined;
  const delta = totp(secret).validate({ token: code, timestamp: nowMs, window });
  return delta === null ? undefined : Math.floor(nowMs / stepMs) + delta;
}

/** The code of a moment: what an authenticator app shows. */
export const codeAt = (secret: Uint8Array, nowMs: number): string =>
  totp(secret).generate({ timestamp: nowMs });

const secretOf = (bytes: Uint8Array): Secret =>
  new Secret({ buffer: Uint8Array.from(bytes).buffer });

const totp = (secret: Uint8Array, issuer = "", label = ""): TOTP =>
  new TOTP({
    secret: secretOf(secret),
    issuer,
    label,
    algorithm: "SHA1",
    digits,
    period: stepMs / 1000,
  });
