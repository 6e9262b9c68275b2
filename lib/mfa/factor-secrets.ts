import { identityKeys } from "../aws/item-keys.ts";
import type { EncryptionPlace } from "../encryption/encryption-dependencies.ts";
import { firstSealDependencies } from "../encryption/encryption-dependencies.ts";
import type { Envelope } from "../encryption/envelope.ts";
import { openField, sealField } from "../encryption/seal-field.ts";
import { Problem } from "../problem.ts";
import type { TotpFactor } from "./factor.ts";

type FactorPlace = Pick<TotpFactor, "manufacturerId" | "memberId" | "factorId">;

/**
 * Seals and opens the secrets of authenticator apps.
 *
 * Both throw Problem `unavailable` while the key service is away, and `erasure-pending`.
 */
export interface FactorSecrets {
  seal(place: FactorPlace, secret: Uint8Array): Promise<Envelope>;
  open(factor: FactorPlace & Pick<TotpFactor, "secret">): Promise<Uint8Array>;
}

/**
 * Secrets are sealed under the manufacturer's own key, bound to manufacturer, member and factor: a
 * value moved to another item does not open. The manufacturer's keys are made at first use.
 */
export function factorSecrets(
  place: EncryptionPlace & { env: { IDENTITY_TABLE: string } },
): FactorSecrets {
  // Fields are sealed with an approved algorithm alone, whatever the deployment allows for envelopes.
  const dependencies = firstSealDependencies({ ...place, env: { ...place.env, FIPS: "require" } });
  return {
    seal: (place, secret) =>
      sealField(dependencies, placeOf(place), secret).catch(throwSignInProblem),
    open: (factor) =>
      openField(dependencies, placeOf(factor), factor.secret).catch(throwSignInProblem),
  };
}

/**
 * Whoever signs in needs to know whether to try again, not what the key hierarchy lacks: that is in
 * the log.
 */
function throwSignInProblem(error: unknown): never {
  if (!(error instanceof Problem) || error.code === "erasure-pending") throw error;
  throw error.status >= 500
    ? new Problem("unavailable", { cause: error, headers: { "retry-after": "1" } })
    : new Problem("internal", { cause: error });
}

const placeOf = ({ manufacturerId, memberId, factorId }: FactorPlace) => ({
  manufacturerId,
  ...identityKeys.factor(memberId, factorId),
  attribute: "secret",
});
