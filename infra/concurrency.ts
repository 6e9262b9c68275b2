import type { Route, Task } from "../lib/http/route.ts";
import type { Settings } from "./settings.ts";

/** Lambda refuses a reservation that leaves less than this to the functions without one. */
const unreservedMin = 100;

/**
 * Refuses to synthesize what could not be deployed: reservations that do not fit into the account's
 * concurrency. Other functions of the account may reserve as well, of which nothing is known here.
 *
 * @throws Error with the sum, the functions that make it up, and what the account would need
 */
export function refuseTooMuchReserved(
  rows: readonly (Route | Task)[],
  { accountConcurrency }: Settings,
): void {
  const reserved = rows.flatMap(({ operationId, reservedConcurrency: amount }) =>
    amount === undefined ? [] : [{ operationId, amount }],
  );
  const sum = reserved.reduce((total, { amount }) => total + amount, 0);
  const needed = sum + unreservedMin;
  if (sum === 0 || needed <= accountConcurrency) return;
  const list = reserved.map(({ operationId, amount }) => `${operationId} ${amount}`).join(", ");
  throw new Error(
    `context accountConcurrency is ${accountConcurrency}, but must be ${needed} or more:` +
      ` functions reserve ${sum} (${list}), and Lambda keeps ${unreservedMin} for all others`,
  );
}
