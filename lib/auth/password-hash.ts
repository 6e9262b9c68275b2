import { argon2, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const argon2Async = promisify(argon2);
const pbkdf2Async = promisify(pbkdf2);

/** A secret mixed into every hash and stored apart from them (SP 800-63B-4 section 3.1.1.2). */
export interface Pepper {
  version: number;
  key: Uint8Array;
}

export type PasswordScheme = "argon2id" | "pbkdf2-sha256";

/** The scheme of a deployment, by its FIPS setting. */
export const passwordSchemeOf = (fips: string): PasswordScheme =>
  fips === "require" ? "pbkdf2-sha256" : "argon2id";

type Cost =
  | { scheme: "argon2id"; memoryKib: number; passes: number; parallelism: number }
  | { scheme: "pbkdf2-sha256"; iterations: number };

/** OWASP's password storage guidance; PBKDF2 is for deployments that require FIPS 140-3. */
const currentCosts: Record<PasswordScheme, Cost> = {
  argon2id: { scheme: "argon2id", memoryKib: 19_456, passes: 2, parallelism: 1 },
  "pbkdf2-sha256": { scheme: "pbkdf2-sha256", iterations: 600_000 },
};

const saltBytes = 16;
const hashBytes = 32;

/**
 * Hashes a password into a PHC string that names scheme, cost, salt and pepper version.
 * The password is normalised to NFC first, so that it does not depend on the keyboard.
 */
export async function hashPassword(
  password: string,
  pepper: Pepper,
  scheme: PasswordScheme,
): Promise<string> {
  const cost = currentCosts[scheme];
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, pepper.key, cost);
  return `${headOf(cost, pepper.version)}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Compares in constant time, at the cost the stored string names. `needsRehash` tells that scheme,
 * cost or pepper are no longer the current ones; the caller has the password at hand and stores a
 * new hash.
 */
export async function verifyPassword(
  password: string,
  stored: string,
  pepperOf: (version: number) => Promise<Pepper>,
  current: { scheme: PasswordScheme; pepperVersion: number },
): Promise<{ matches: boolean; needsRehash: boolean }> {
  const { cost, pepperVersion, salt, hash } = parse(stored);
  const pepper = await pepperOf(pepperVersion);
  const candidate = await derive(password, salt, pepper.key, cost);
  return {
    matches: timingSafeEqual(candidate, hash),
    needsRehash:
      headOf(cost, pepperVersion) !== headOf(currentCosts[current.scheme], current.pepperVersion),
  };
}

function derive(
  password: string,
  salt: Uint8Array,
  pepper: Uint8Array,
  cost: Cost,
): Promise<Buffer> {
  const message = Buffer.from(password.normalize("NFC"), "utf8");
  if (cost.scheme === "pbkdf2-sha256") {
    const keyed = createHmac("sha256", pepper).update(message).digest();
    return pbkdf2Async(keyed, salt, cost.iterations, hashBytes, "sha256");
  }
  return argon2Async("argon2id", {
    message,
    nonce: salt,
    secret: pepper,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: hashBytes,
  });
}

const headOf = (cost: Cost, pepperVersion: number): string =>
  cost.scheme === "argon2id"
    ? `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism},keyid=${pepperVersion}`
    : `$pbkdf2-sha256$i=${cost.iterations},keyid=${pepperVersion}`;

const unpadded = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "");

const argon2Head = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+),keyid=(\d+)\$([^$]+)\$([^$]+)$/;
const pbkdf2Head = /^\$pbkdf2-sha256\$i=(\d+),keyid=(\d+)\$([^$]+)\$([^$]+)$/;

function parse(stored: string): { cost: Cost; pepperVersion: number; salt: Buffer; hash: Buffer } {
  const [, memory, passes, parallelism, ...argon2Rest] = argon2Head.exec(stored) ?? [];
  const [, iterations, ...pbkdf2Rest] = pbkdf2Head.exec(stored) ?? [];
  const [keyId, salt, hash] = iterations === undefined ? argon2Rest : pbkdf2Rest;
  if (salt === undefined || hash === undefined) {
    throw new Error("the stored password hash is not a PHC string this version knows");
  }
  return {
    cost:
      iterations === undefined
        ? {
            scheme: "argon2id",
            memoryKib: Number(memory),
            passes: Number(passes),
            parallelism: Number(parallelism),
          }
        : { scheme: "pbkdf2-sha256", iterations: Number(iterations) },
    pepperVersion: Number(keyId),
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}
