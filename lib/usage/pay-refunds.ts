import type { InvocationTime } from "../http/task.ts";
import type { RefundStore } from "./refund-store.ts";

/** Time for the refund that is under way, and for the next run to begin on time. */
const reserveMs = 5_000;

/**
 * Pays the refunds that are owed. One that was paid before, or whose charge was never made, is taken
 * off; one that fails does not keep the others waiting. A run that is stopped anywhere loses nothing.
 *
 * @throws what the first refund failed with, after all were tried; the next run tries it again
 */
export async function payRefunds(
  _: unknown,
  { usage }: { usage: RefundStore },
  { remainingMs }: InvocationTime,
): Promise<{ paid: number }> {
  let paid = 0;
  let afterKey: string | undefined;
  const failures: unknown[] = [];
  do {
    const page = await usage.listOwedRefunds(afterKey);
    for (const refund of page.refunds) {
      if (remainingMs() < reserveMs) return { paid };
      try {
        if (await usage.payRefund(refund)) paid += 1;
        await usage.forgiveRefund(refund);
      } catch (error) {
        failures.push(error);
      }
    }
    afterKey = page.lastKey;
  } while (afterKey !== undefined);
  if (failures.length > 0) throw failures[0];
  return { paid };
}
