import type { Route } from "../http/route.ts";
import {
  getUsageAnalyticsRoute,
  listUsageEventsRoute,
  readUsageReportRoute,
} from "./analytics-api.ts";
import { checkUsageLimitRoute, incrementUsageRoute, listUsageRoute } from "./api.ts";

/** Fixed paths first: a router that takes the first match must not take them for a resource. */
export const usageRoutes: readonly Route[] = [
  listUsageRoute,
  getUsageAnalyticsRoute,
  listUsageEventsRoute,
  readUsageReportRoute,
  checkUsageLimitRoute,
  incrementUsageRoute,
];
