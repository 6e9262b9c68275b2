/**
 * Prints what authentication costs: CPU time of its steps beside jose and node:crypto as they are, and
 * how long whole sign-ins take on the local stack.
 *
 *     npm run build && node bench/auth.ts
 */
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { checkPermission } from "../lib/access/authorize.ts";
import { issueAccessToken, verifyAccessToken } from "../lib/auth/access-token.ts";
import { codeAt, matchStep, newTotpSecret } from "../lib/mfa/totp.ts";
import { startStack } from "../local/stack.ts";
import { measureSignIns } from "./auth/sign-ins.ts";
import { measureInterleaved } from "./measure.ts";

const issuer = "https://issuer.example";
const now = Date.now;
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const claims = {
  memberId: "mem_0vGXc3kQ9x1b7S2dTtJd6g",
  manufacturerId: "mfr_0vGXc3kQ9x1b7S2dTtJd6g",
  sessionId: "ses_0vGXc3kQ9x1b7S2dTtJd6g",
  roles: ["owner" as const],
  acr: "aal2" as const,
  amr: ["pwd", "otp"],
  amrTimesMs: { pwd: now(), otp: now() },
  authTimeMs: now(),
  sessionStartedAtMs: now(),
  passwordVersion: 0,
};
const signing = { issuer, signingKey: async () => ({ keyId: "key_1", privateKey }), now };
const keys = { find: async () => publicKey, publish: async () => [] };

type Step = readonly [name: string, run: () => unknown];

/** The first step is what the others are compared with. */
async function compare(title: string, steps: readonly Step[]): Promise<void> {
  const figures = await measureInterleaved(steps.map(([, run]) => run));
  const [floor = 1] = figures;
  console.log(`\n${title}`);
  for (const [index, [name]] of steps.entries()) {
    const microseconds = figures[index] ?? 0;
    console.log(
      `  ${name.padEnd(30)} ${microseconds.toFixed(2).padStart(9)} us ${(microseconds / floor).toFixed(2).padStart(7)}x`,
    );
  }
}

const token = await issueAccessToken(claims, signing);
const [header = "", payload = "", signature = ""] = token.split(".");
const signed = Buffer.from(`${header}.${payload}`);
const signatureBytes = Buffer.from(signature, "base64url");
const body = JSON.parse(Buffer.from(payload, "base64url").toString());
const dsaEncoding = "ieee-p1363" as const;

await compare("access token, signing", [
  [
    "node:crypto, the signature alone",
    () => sign("sha256", signed, { key: privateKey, dsaEncoding }),
  ],
  [
    "jose",
    () =>
      new SignJWT(body)
        .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "key_1" })
        .sign(privateKey),
  ],
  ["ours", () => issueAccessToken(claims, signing)],
]);
await compare("access token, verifying", [
  [
    "node:crypto, the signature alone",
    () => verify("sha256", signed, { key: publicKey, dsaEncoding }, signatureBytes),
  ],
  ["jose", () => jwtVerify(token, publicKey, { algorithms: ["ES256"], issuer, audience: issuer })],
  ["ours", () => verifyAccessToken(token, { issuer, keys, now })],
]);
const secret = newTotpSecret();
const caller = { ...claims, secondFactorDemanded: false };
await compare("a code of an authenticator app, and a permission", [
  ["one code (HMAC-SHA-1)", () => codeAt(secret, now())],
  ["a code matched in its window", () => matchStep(secret, "000000", now())],
  ["a permission checked", () => checkPermission(caller, "members:write", now)],
]);

const stack = await startStack({ sourceBudgetFactor: 1000 });
try {
  await measureSignIns(stack);
} finally {
  await stack.close();
}
