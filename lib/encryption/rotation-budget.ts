import { manufacturerKeys } from "../aws/item-keys.ts";
import type { PeriodBudget } from "../aws/period-budget.ts";
import { toRfc3339 } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { KeyPurpose } from "./key-id.ts";

/**
 * Rotations that a manufacturer can have made within a day of UTC, both series together. Those asked
 * for leave a rest, so that whoever uses them up keeps nobody from withdrawing a compromised version.
 */
export const rotationsPerDay = { asked: 24, whenRevoking: 48 } as const;

/** One of our own records' series counts for more: it has every sealed field looked at for weeks. */
export const rotationCost: Readonly<Record<KeyPurpose, number>> = { envelope: 1, record: 6 };

/** The rotations of the day that `nowMs` is in, of which there are `max`. */
export function rotationBudget(manufacturerId: string, nowMs: number, max: number): PeriodBudget {
  const day = toRfc3339(nowMs).slice(0, 10);
  return { key: manufacturerKeys.rotations(manufacturerId, day), max, endsAtMs: dayEndMs(nowMs) };
}

/** 429 until the day is over. */
export const tooManyRotations = (nowMs: number): Problem =>
  new Problem("too-many-rotations", {
    detail: "Keys can be rotated again from midnight UTC on.",
    headers: { "retry-after": String(Math.ceil((dayEndMs(nowMs) - nowMs) / 1000)) },
  });

const dayEndMs = (nowMs: number): number => new Date(nowMs).setUTCHours(24, 0, 0, 0);
