import type { ReadSecret, Secret } from "../../lib/auth/platform-secrets.ts";

/** A secret of a test; different seeds make different keys. */
export const secretOf = (version: number, seed = version): Secret => ({
  version,
  key: Buffer.alloc(32, seed),
});

/** Platform secrets of which these versions are there, the last one in use; alike for every purpose. */
export const secretsOf = (...versions: readonly Secret[]): ReadSecret =>
  (async (_purpose: string, version?: number) =>
    version === undefined
      ? versions.at(-1)
      : versions.find((secret) => secret.version === version)) as ReadSecret;
