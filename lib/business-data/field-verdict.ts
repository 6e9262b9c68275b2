/** How much a rule could hold the value against: proof, shape, or nothing. */
export type Evidence = "check-digit" | "format" | "none";

/**
 * Everything a verdict can say, in plain words for the documentation. `refused` says whether the code
 * makes the field invalid; the others are hints on a field that stays valid.
 */
export const verdictCodes = {
  missing: { refused: true, meaning: "a field that every submission needs is absent" },
  empty: { refused: true, meaning: "the field is there but holds nothing" },
  "wrong-type": { refused: true, meaning: "the value is not a string" },
  "too-long": { refused: true, meaning: "longer than the field can be" },
  "invalid-characters": { refused: true, meaning: "holds characters that the field never has" },
  "invalid-format": { refused: true, meaning: "matches none of the shapes known for it" },
  "invalid-check-digit": { refused: true, meaning: "the shape is right, the check digit is not" },
  "unknown-country": { refused: true, meaning: "not an ISO 3166-1 alpha-2 code" },
  "country-mismatch": { refused: true, meaning: "a sound number, but of another country" },
  "disposable-domain": { refused: true, meaning: "a mailbox of a throw-away e-mail service" },
  placeholder: { refused: true, meaning: "filler such as `n/a` or one repeated digit" },
  "not-public": {
    refused: true,
    meaning: "the host is a bare address, or a name that only private networks have",
  },
  "credentials-in-url": { refused: true, meaning: "the URL carries a user name or a password" },
  attack: { refused: true, meaning: "the threat screen found an attack in the value" },
  "format-unknown": { refused: false, meaning: "no public rule exists to hold the value against" },
  "unknown-field": {
    refused: false,
    meaning: "no profile field has this name; screened, not checked",
  },
  "role-account": { refused: false, meaning: "a shared mailbox such as `info@`" },
  "reserved-domain": { refused: false, meaning: "a domain kept for examples and tests (RFC 2606)" },
  "insecure-scheme": { refused: false, meaning: "the website is given as plain http" },
  lookalike: { refused: false, meaning: "mixes scripts, so it may imitate another name" },
  "check-digit-differs": {
    refused: false,
    meaning: "the shape is right; the check digit is not, in a scheme that issues such numbers",
  },
  "not-used": { refused: false, meaning: "the country has no postal codes" },
} as const satisfies Record<string, { refused: boolean; meaning: string }>;

export type VerdictCode = keyof typeof verdictCodes;

/** What is said of one field. */
export interface FieldVerdict {
  /** False only where something speaks against the value: `format-unknown` is valid, without evidence. */
  valid: boolean;
  evidence: Evidence;
  code?: VerdictCode;
  /** The one spelling to store; absent where the value is refused. */
  normalized?: string;
  /** Which numbering scheme or licence kind the value belongs to. */
  scheme?: string;
  /** What would have fitted: schemes of the country, or shapes of its postal codes (`#` digit, `@` letter). */
  expected?: string[];
}

export const accept = (
  normalized: string,
  evidence: Evidence,
  hints: Pick<FieldVerdict, "code" | "scheme"> = {},
): FieldVerdict => ({ valid: true, evidence, normalized, ...hints });

export const refuse = (code: VerdictCode, scheme?: string): FieldVerdict => ({
  valid: false,
  evidence: "none",
  code,
  ...(scheme === undefined ? {} : { scheme }),
});

/** A value that fits none of what its country has. */
export const refuseFor = (expected: readonly string[]): FieldVerdict => ({
  ...refuse("invalid-format"),
  expected: [...expected],
});
