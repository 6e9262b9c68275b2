import * as z from "zod/mini";
import { systemOrigin } from "../audit/origin.ts";
import { PeriodName } from "./api.ts";
import type { CloseCounts, CloseDependencies } from "./close-month.ts";
import { closeMonth } from "./close-month.ts";

/** A scheduled event names no period; whoever invokes the function by name may. */
const CloseEvent = z.object({ period: z.optional(PeriodName) });

/** Leaves two of the function's fifteen minutes for the page that is under way. */
const budgetMs = 13 * 60_000;

/**
 * Closes the month that has ended, on schedule or by name.
 *
 * @throws Problem `period-open`, `contention`; Error for a malformed event
 */
export async function resetMonthlyQuotas(
  event: unknown,
  dependencies: CloseDependencies,
): Promise<CloseCounts> {
  const { period } = z.parse(CloseEvent, event);
  return closeMonth({ period, origin: systemOrigin("resetMonthlyQuotas"), budgetMs }, dependencies);
}
