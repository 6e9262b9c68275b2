import { createSecretKey, randomBytes } from "node:crypto";
import type { Algorithm } from "../../lib/encryption/algorithms.ts";
import { dataContent } from "../../lib/encryption/content.ts";
import { decryptManufacturerData } from "../../lib/encryption/decrypt-manufacturer-data.ts";
import { encryptManufacturerData } from "../../lib/encryption/encrypt-manufacturer-data.ts";
import type { Envelope } from "../../lib/encryption/envelope.ts";
import { envelopeText, parseEnvelope } from "../../lib/encryption/envelope.ts";
import { KeyRing } from "../../lib/encryption/key-ring.ts";
import { openBytes, openRecord } from "../../lib/encryption/open-record.ts";
import { createRandomPool } from "../../lib/encryption/random-pool.ts";
import { sealBytes, sealRecord } from "../../lib/encryption/seal-record.ts";
import type { Contender } from "./contender.ts";

const manufacturerId = "mfr_0vGXc3kQ9x1b7S2dTtJd6g";
const random = createRandomPool();
const key = {
  manufacturerId,
  keyId: "envelope#000001",
  region: "eu-central-1",
  pseudorandomKey: createSecretKey(randomBytes(64)),
};

/** What sealing itself takes, with its key at hand: header, derivation, commitment and cipher. */
export function ourSealedBytes(plaintext: Uint8Array): Contender {
  const seal = () =>
    sealBytes({
      key,
      plaintext,
      algorithm: "AES-256-GCM",
      context: {},
      now: Date.now(),
      random,
      fips: "off",
    });
  const sealed = seal();
  return {
    name: "our sealed bytes, AES-256-GCM",
    seal,
    open: () => openBytes({ key, sealed, fips: "off" }),
  };
}

/** Our envelope with its key at hand: header, derivation, commitment, cipher and base64url. */
export function ourEnvelope(plaintext: Uint8Array, algorithm: Algorithm): Contender {
  const seal = () =>
    sealRecord({ key, plaintext, algorithm, context: {}, now: Date.now(), random, fips: "off" });
  const sealed = seal();
  return {
    name: `our envelope, ${algorithm}`,
    seal,
    open: () => openRecord({ key, envelope: parseEnvelope(sealed), fips: "off" }),
  };
}

const salt = randomBytes(32);
const inputKey = randomBytes(32);

const keyRing = new KeyRing({
  now: Date.now,
  hierarchy: {
    region: key.region,
    generate: () => Promise.reject(new Error("no key is made here")),
    unwrap: async () => Buffer.from(inputKey),
  },
  readManufacturerKeys: async () => ({
    manufacturerId,
    state: "active",
    region: key.region,
    salt,
    epoch: 1,
    newest: { envelope: 1, record: 1 },
    createdAtMs: 0,
  }),
  isErased: async () => false,
  readVersion: async () => ({
    manufacturerId,
    keyId: key.keyId,
    purpose: "envelope",
    version: 1,
    region: key.region,
    state: "enabled",
    wrappedKey: randomBytes(32),
    kmsKeyArn: "",
    createdAtMs: 0,
  }),
});

const dependencies = { keyRing, random, now: Date.now, fips: "off" } as const;

const sealJson = (data: unknown): Promise<Envelope> =>
  encryptManufacturerData(dependencies, {
    manufacturerId,
    content: dataContent(JSON.stringify(data)),
  });

const openJson = async (envelope: unknown): Promise<unknown> => {
  const { content } = await decryptManufacturerData(dependencies, { manufacturerId, envelope });
  return JSON.parse(Buffer.from(content.bytes).toString());
};

/** The two rules with a warm key ring: a JSON value to an envelope and back. */
export async function ourEnvelopeWithJson(data: unknown): Promise<Contender> {
  const seal = () => sealJson(data);
  const envelope = await seal();
  return {
    name: "encrypt- and decryptManufacturerData",
    seal,
    open: () => openJson(envelope),
  };
}

/** The same, with the envelope written as text and read from it, as it travels over HTTP. */
export async function ourEnvelopeAsText(data: unknown): Promise<Contender> {
  const seal = async () => envelopeText(await sealJson(data));
  const text = await seal();
  return {
    name: "encrypt- and decryptManufacturerData, as text",
    seal,
    open: () => openJson(JSON.parse(text)),
  };
}
