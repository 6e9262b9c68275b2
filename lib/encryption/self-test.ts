import { createSecretKey, randomBytes } from "node:crypto";
import { Problem } from "../problem.ts";
import type { Algorithm, FipsPolicy } from "./algorithms.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";
import { extractKey } from "./derive-key.ts";
import type { Envelope } from "./envelope.ts";
import { parseEnvelope } from "./envelope.ts";
import { openRecord } from "./open-record.ts";
import { createRandomPool } from "./random-pool.ts";
import type { ManufacturerKey } from "./seal-record.ts";
import { sealRecord } from "./seal-record.ts";

const knownKey = "2fb592b2d8b0007bec0455b12f34e96273a7feda565ccf32ece004dcf61180f2";
const knownSalt = "f8b71cffed39d740452d30cbdbdcbc8565d33186729b3e5b9fde562165439812";
const knownAnswer = "0";
const knownEnvelope: Envelope = {
  version: "1",
  algorithm: "AES-256-GCM",
  manufacturerId: "mfr_0vGXc3kQ9x1b7S2dTtJd6g",
  keyId: "envelope#000042",
  region: "eu-central-1",
  timestamp: "2026-11-24T03:04:05.011Z",
  context: { 𝒜: "second", Ａ: "first", ß: "", "a.b": "dots" },
  salt: "e9izhwvR6gQ67tK29ovmevc5RT4PgfAcm86xGQ5mMd4",
  iv: "0L-r8gazR_pkm6AQ",
  commitment: "XdZtzgp5XgvLSyxrxAyBkIXJSNUH8KLe0uAtANaB4_g",
  tag: "uyIUhCuajlvZ2iI_i_ctBA",
  ciphertext: "xA",
};

/**
 * Seals and opens in this process: an envelope of known content, a round trip, and the changes and
 * swaps that must be refused. Under `fips: require` it also shows that ChaCha20-Poly1305 is refused.
 */
export function runSelfTests(fips: FipsPolicy, now: () => number): Promise<ComplianceCheck[]> {
  const own = freshKey("mfr_self_test");
  const seal = (algorithm: Algorithm, context = {}): Envelope =>
    sealRecord({
      key: own,
      plaintext: Buffer.from("self test"),
      algorithm,
      context,
      now: now(),
      random: createRandomPool(),
      fips,
    });
  const open = (envelope: Envelope, key = own): string =>
    openRecord({ key, envelope: parseEnvelope(envelope), fips }).toString();
  const expected: readonly [id: string, expected: string, act: () => string][] = [
    ["known-answer", knownAnswer, () => open(knownEnvelope, keyOfKnownAnswer())],
    ["round-trip", "self test", () => open(seal("AES-256-GCM"))],
    [
      "changed-ciphertext",
      "ciphertext-tampered",
      () => open({ ...seal("AES-256-GCM"), ciphertext: seal("AES-256-GCM").ciphertext }),
    ],
    [
      "changed-context",
      "commitment-mismatch",
      () => open({ ...seal("AES-256-GCM"), context: { changed: "" } }),
    ],
    [
      "other-manufacturer",
      "tenant-mismatch",
      () => open(seal("AES-256-GCM"), freshKey("mfr_other")),
    ],
    [
      "chacha20-poly1305",
      fips === "off" ? "self test" : "algorithm-not-approved",
      () => open(seal("ChaCha20-Poly1305")),
    ],
  ];
  return Promise.all(
    expected.map(([id, wanted, act]) =>
      runCheck({ id: `self-test/${id}`, source: "this process", now }, async () => {
        const startedAt = performance.now();
        const actual = outcomeOf(act);
        const durationMs = performance.now() - startedAt;
        return { isPassed: actual === wanted, evidence: { expected: wanted, actual, durationMs } };
      }),
    ),
  );
}

function outcomeOf(act: () => string): string {
  try {
    return act();
  } catch (error) {
    return error instanceof Problem ? error.code : "error";
  }
}

const freshKey = (manufacturerId: string): ManufacturerKey => ({
  manufacturerId,
  keyId: "record#000001",
  region: "self-test",
  pseudorandomKey: createSecretKey(randomBytes(64)),
});

function keyOfKnownAnswer(): ManufacturerKey {
  const extracted = extractKey(Buffer.from(knownSalt, "hex"), Buffer.from(knownKey, "hex"));
  const { keyId, manufacturerId, region } = knownEnvelope;
  return { keyId, manufacturerId, region, pseudorandomKey: createSecretKey(extracted) };
}
