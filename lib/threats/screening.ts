import type { Origin } from "../audit/origin.ts";
import type { Caller } from "../http/request.ts";
import type { DetectOptions } from "./detect-threat.ts";

/** How a route's body is screened for attacks before its rule sees it. */
export interface Screening extends DetectOptions {
  /** `block` refuses a body that holds an attack; `flag` lets it pass. Both count and record it. */
  mode: "block" | "flag";
}

/** Whose body it is, for the record of an attack; nobody where the route is public. */
export interface ScreenedRequest {
  operationId: string;
  origin: Origin;
  caller: Caller | undefined;
}

/** Screens a body, counts and records what it finds; throws where the mode is `block`. */
export type Screen = (
  body: unknown,
  screening: Screening,
  request: ScreenedRequest,
) => Promise<void>;
