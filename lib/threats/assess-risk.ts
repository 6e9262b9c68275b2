/** How bad the worst finding is. */
export const riskLevels = ["none", "low", "medium", "high", "critical"] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** What a finding tells about risk. */
export type RiskInput = { confidence: number; threshold: number; layers: number; pointer: string };

/** Fields whose content goes into log-in, permission or address decisions. */
const SENSITIVE_WORDS: ReadonlySet<string> = new Set(
  "pass password passphrase token secret role roles admin login user username email mail auth permission permissions tier id".split(
    " ",
  ),
);
const LAYER_POINTS = 4;
const LAYERS_COUNTED_MAX = 3;
const SENSITIVE_POINTS = 8;

/** Whether a field is one of them by its last word: `userId`, `new_password`, `/roles/0`; not `grid`. */
function isSensitive(pointer: string): boolean {
  const name = pointer.replace(/(?:\/\d+)+$/, "");
  const word = /[a-z]+$|[A-Z][a-z]+$|[A-Z]+$/.exec(name)?.[0] ?? "";
  return SENSITIVE_WORDS.has(word.toLowerCase());
}

/**
 * 0-100. Below the threshold the score stays under 40 and follows the confidence; above it, it
 * starts at 50 and rises with confidence, layers of obfuscation and the role of the field.
 */
export function riskScore({ confidence, threshold, layers, pointer }: RiskInput): number {
  if (confidence < threshold) return Math.round((confidence / threshold) * 39);
  const share = threshold < 1 ? (confidence - threshold) / (1 - threshold) : 1;
  const hidden = Math.min(layers, LAYERS_COUNTED_MAX) * LAYER_POINTS;
  const role = isSensitive(pointer) ? SENSITIVE_POINTS : 0;
  return Math.min(100, Math.round(50 + share * 30 + hidden + role));
}

/** Names for ranges of the score; `medium` and above mean that `threat` is set. */
export function riskLevel(score: number): RiskLevel {
  if (score >= 85) return "critical";
  if (score >= 70) return "high";
  if (score >= 50) return "medium";
  return score >= 10 ? "low" : "none";
}
