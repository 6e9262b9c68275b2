/** An attack that the threat screen found, with its place in the submission. */
export interface Threat {
  type: string;
  /** Probability that it is an attack, 0 to 1. */
  confidence: number;
  /** RFC 6901 pointer into the submission. */
  pointer: string;
  /** Whether the attack is the value there or the key itself. */
  place: "value" | "key";
  start: number;
  end: number;
  reasons: string[];
}

/** What the threat screen says of a submission as a whole. */
export interface Screening {
  threats: Threat[];
  /** How bad the worst of them is, 0 to 100; without a threat it says nothing. */
  riskScore: number;
}

/**
 * Looks at every string and key of a submission, known field or not.
 *
 * @throws for data too large to screen: what was not looked at is not called clean
 */
export type Screen = (data: unknown) => Screening;
