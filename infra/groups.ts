import type { Domain } from "../lib/http/route.ts";

/**
 * Which domains share a stack: CloudFormation ends a stack at 500 resources. A domain stays in its
 * stack for life, since moving it would remove its routes before they are made again.
 */
export const groupByDomain = {
  platform: "identity",
  accounts: "identity",
  access: "identity",
  auth: "identity",
  mfa: "factors",
  devices: "factors",
  usage: "protection",
  encryption: "protection",
  threats: "protection",
  "business-data": "protection",
  performance: "oversight",
  audit: "oversight",
  operator: "oversight",
  notifications: "oversight",
} as const satisfies Record<Domain, string>;
