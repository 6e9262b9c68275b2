/** Kinds of attack the detector tells apart, in the order of the model's heads. */
export const THREAT_TYPES = [
  "sql_injection",
  "xss",
  "nosql_injection",
  "script_injection",
] as const;

/** One of the four kinds of attack. */
export type ThreatType = (typeof THREAT_TYPES)[number];
