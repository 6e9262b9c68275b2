import type { Resource } from "./tiers.ts";

/** What an operation costs its caller. */
export interface Metering {
  resource: Resource;
  /** False where a used-up quota must not stand between a manufacturer and its own data. */
  refuses: boolean;
}

/** What charging a counter takes, its first use in a period included. */
export const chargeGrants = [
  "usage:GetItem",
  "usage:BatchGetItem",
  "usage:UpdateItem",
  "usage:PutItem",
  "usage:ConditionCheckItem",
] as const;
