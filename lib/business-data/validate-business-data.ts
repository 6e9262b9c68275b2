import { toPointer } from "../http/pointer.ts";
import type { RiskLevel } from "./assess-risk.ts";
import { assessRisk } from "./assess-risk.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { refuse } from "./field-verdict.ts";
import type { Inconsistency } from "./find-inconsistencies.ts";
import { findInconsistencies } from "./find-inconsistencies.ts";
import { fieldGroups, fieldOf } from "./profile-fields.ts";
import type { Screen, Threat } from "./screen.ts";
import { screenByDetector } from "./screen-by-detector.ts";
import { validateCountry } from "./validate-country.ts";

/** A submission as a stranger sent it: any names, any values. */
export type BusinessData = Readonly<Record<string, unknown>>;

export interface BusinessDataVerdict {
  /** Every field is valid and nothing was found by the threat screen. */
  valid: boolean;
  /** By field name; members of `address` and `contact` as `address/postalCode`. */
  fields: Record<string, FieldVerdict>;
  /** Sound fields that do not go together; they lower the score and leave `valid` alone. */
  inconsistencies: Inconsistency[];
  threats: Threat[];
  /** 0 (nothing to trust) to 100. */
  securityScore: number;
  riskLevel: RiskLevel;
}

/** A value of the submission and the way to it. */
interface Leaf {
  path: readonly string[];
  value: unknown;
  country: string | undefined;
}

/**
 * Checks a manufacturer's profile field by field, the fields against each other, and every value and
 * key, of unknown fields too, against the threat screen. A check: whatever is sent, it answers a
 * verdict and throws only what the screen throws. No network is used, so it says that a value is well
 * made, not that it is registered.
 *
 * @param screen the threat screen, the product's own detector unless said; see `Screen`
 */
export function validateBusinessData(
  data: BusinessData,
  { screen = screenByDetector }: { screen?: Screen } = {},
): BusinessDataVerdict {
  const { threats, riskScore } = screen(data);
  const fields = new Map<string, FieldVerdict>();
  for (const leaf of leavesOf(data)) fields.set(nameOf(leaf.path), verdictOf(leaf, threats));
  if (!Object.hasOwn(data, "country")) fields.set("country", refuse("missing"));
  const inconsistencies = findInconsistencies(fields);
  return {
    valid: threats.length === 0 && [...fields.values()].every(({ valid }) => valid),
    // `fromEntries` defines own properties, so a field called `__proto__` is a field like any other.
    fields: Object.fromEntries(fields),
    inconsistencies,
    threats,
    // Doubts below the threshold are no finding, and cost a sound profile nothing.
    ...assessRisk(fields, inconsistencies, threats.length === 0 ? 0 : riskScore),
  };
}

/** A pointer without its first slash: names that hold a slash are escaped, so no two fields collide. */
const nameOf = (path: readonly string[]): string => toPointer(path).slice(1);

/** The values to check: the submission's own, with the members of its groups in place of the groups. */
function leavesOf(data: BusinessData): Leaf[] {
  const country = countryOf(data);
  return Object.entries(data).flatMap(([name, value]): Leaf[] => {
    if (!fieldGroups.has(name) || !isRecord(value)) return [{ path: [name], value, country }];
    const groupCountry = countryOf(value) ?? country;
    return Object.entries(value).map(([member, item]) => ({
      path: [name, member],
      value: item,
      country: groupCountry,
    }));
  });
}

const isRecord = (value: unknown): value is BusinessData =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function countryOf(data: BusinessData): string | undefined {
  const country = Object.hasOwn(data, "country") ? data["country"] : undefined;
  return typeof country === "string" ? validateCountry(country).normalized : undefined;
}

function verdictOf({ path, value, country }: Leaf, threats: readonly Threat[]): FieldVerdict {
  const pointer = toPointer(path);
  const isAttacked = threats.some(
    (threat) => threat.pointer === pointer || threat.pointer.startsWith(`${pointer}/`),
  );
  if (isAttacked) return refuse("attack");
  const name = path.at(-1) ?? "";
  const field = fieldOf(name);
  if (!field && path.length === 1 && fieldGroups.has(name)) return refuse("wrong-type");
  if (!field) return { valid: true, evidence: "none", code: "unknown-field" };
  if (value === null || value === "") return refuse("empty");
  if (typeof value !== "string") return refuse("wrong-type");
  if (value.length > field.lengthMax) return refuse("too-long");
  return value.trim() === "" ? refuse("empty") : field.validate(value, country);
}
