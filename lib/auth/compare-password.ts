import { Problem } from "../problem.ts";
import type { PasswordScheme, Pepper } from "./password-hash.ts";
import { hashPassword, verifyPassword } from "./password-hash.ts";
import type { ReadSecret } from "./platform-secrets.ts";

export interface PasswordDependencies {
  secret: ReadSecret;
  passwordScheme: PasswordScheme;
}

/** A new password's hash under the current scheme and pepper. */
export const hashNewPassword = async (
  password: string,
  { secret, passwordScheme }: PasswordDependencies,
): Promise<string> => hashPassword(password, await secret("pepper"), passwordScheme);

/**
 * Compares a password with a stored hash, and hashes it anew where scheme, cost or pepper have
 * changed. Without a stored hash it does the same work and matches nothing.
 */
export async function comparePassword(
  password: string,
  stored: string | undefined,
  dependencies: PasswordDependencies,
): Promise<{ matches: boolean; newHash?: string }> {
  if (stored === undefined) {
    await hashNewPassword(password, dependencies);
    return { matches: false };
  }
  const { secret, passwordScheme } = dependencies;
  const pepperOf = async (version: number): Promise<Pepper> => {
    const pepper = await secret("pepper", version);
    // Peppers are kept for as long as a hash may name them: this is no wrong password.
    if (!pepper) throw new Problem("keys-not-ready", { headers: { "retry-after": "5" } });
    return pepper;
  };
  const { matches, needsRehash } = await verifyPassword(password, stored, pepperOf, {
    scheme: passwordScheme,
    pepperVersion: (await secret("pepper")).version,
  });
  if (!matches || !needsRehash) return { matches };
  return { matches, newHash: await hashNewPassword(password, dependencies) };
}
