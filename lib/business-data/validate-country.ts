import { countryCodes } from "./country-codes.ts";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";

/** An ISO 3166-1 alpha-2 code in either case; `UK` and `EL` are other systems' codes and are refused. */
export function validateCountry(value: string): FieldVerdict {
  const code = value.trim().toUpperCase();
  return countryCodes.has(code) ? accept(code, "format") : refuse("unknown-country");
}
