import type { DetectOptions } from "./detect-threat.ts";

/** How a route's body is screened for attacks before its rule sees it. */
export interface Screening extends DetectOptions {
  /** `block` refuses a body that holds an attack; `flag` lets it pass and counts it. */
  mode: "block" | "flag";
}

/** Screens a body, counts what it finds; throws where the mode is `block`. */
export type Screen = (body: unknown, screening: Screening) => void;
