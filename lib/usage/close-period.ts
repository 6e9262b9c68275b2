import type { OperationBody, OperationRequest } from "../http/request.ts";
import type { CloseDependencies } from "./close-month.ts";
import { closeMonth } from "./close-month.ts";
import type { closePeriodRoute } from "./operator-api.ts";

/** Below the gateway's 30 s, with room for the page that is under way. */
const budgetMs = 20_000;

/**
 * Closes a month on an operator's demand, as far as one request reaches.
 *
 * @throws Problem `period-open`, `contention`
 */
export const closePeriod = (
  { body, caller, origin }: OperationRequest<typeof closePeriodRoute>,
  dependencies: CloseDependencies,
): Promise<OperationBody<typeof closePeriodRoute>> =>
  closeMonth({ period: body.period, origin, actorId: caller.memberId, budgetMs }, dependencies);
