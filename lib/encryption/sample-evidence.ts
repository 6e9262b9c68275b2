import type { Clock } from "../clock.ts";
import { Problem, problems } from "../problem.ts";
import type { SealedField } from "./advance-re-encrypt-job.ts";
import type { ComplianceCheck } from "./compliance-check.ts";
import { runCheck } from "./compliance-check.ts";
import type { EncryptionDependencies } from "./encrypt-manufacturer-data.ts";
import { openField } from "./seal-field.ts";
import type { FieldsPage } from "./sealed-fields-store.ts";

export interface SampleDependencies extends Pick<EncryptionDependencies, "fips" | "keyRing"> {
  readonly now: Clock;
  /** The first page of what must be sealed in the items that the platform keeps. */
  readonly sampleFields: (manufacturerId: string) => Promise<FieldsPage>;
}

/**
 * Opens a sample of the sealed attributes that the platform keeps, each at its place. One that does not
 * open, and one that is no envelope at all, is a failure; where the key service did not answer,
 * nothing is known.
 */
export function checkSampledEnvelopes(
  dependencies: SampleDependencies,
  manufacturerId: string,
): Promise<ComplianceCheck> {
  const { now, sampleFields } = dependencies;
  return runCheck({ id: "envelopes/sample", source: "table identity", now }, async () => {
    const { fields, unsealed } = await sampleFields(manufacturerId);
    const codes = await Promise.all(fields.map((field) => whyClosed(dependencies, field)));
    const refusals = codes.filter((code) => code !== undefined);
    const evidence = {
      sampled: fields.length + unsealed.length,
      opened: fields.length - refusals.length,
      unsealed: unsealed.length,
      wrong: refusals.length + unsealed.length,
      byKeyId: countBy(fields.map(({ envelope }) => envelope.keyId)),
      byAlgorithm: countBy(fields.map(({ envelope }) => envelope.algorithm)),
      byRefusal: countBy(refusals),
    };
    return { isPassed: evidence.sampled === 0 ? undefined : evidence.wrong === 0, evidence };
  });
}

/** Why a field does not open; undefined where it does. What may pass by itself is thrown on. */
async function whyClosed(
  dependencies: SampleDependencies,
  { envelope, place }: SealedField,
): Promise<string | undefined> {
  try {
    (await openField(dependencies, place, envelope)).fill(0);
    return undefined;
  } catch (error) {
    if (error instanceof Problem && !problems[error.code].retryable) return error.code;
    throw error;
  }
}

const countBy = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]),
  );
