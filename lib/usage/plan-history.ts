import type { Period } from "./period.ts";
import type { Plan, PlanTerms, Quota, Resource } from "./tiers.ts";
import { resources, termsQuota } from "./tiers.ts";

/** Terms that ended longer ago than this are forgotten: fourteen months, as every month has closed by then. */
const keptMs = 14 * 31 * 86_400_000;

/** Keeps the item small, however often a plan is changed. */
const termsMax = 100;

/** One stretch of a period during which nothing about the plan changed. */
export interface PlanStretch {
  fromMs: number;
  untilMs: number;
  tier: Plan["tier"];
  limits: Record<Resource, Pick<Quota, "limit" | "overageMax">>;
}

/** All terms known, oldest first. A plan that has never changed since 0.1.0 has only its present ones. */
const termsOf = ({ terms, tier, overrides }: Plan): readonly PlanTerms[] =>
  terms ?? [{ fromMs: 0, tier, overrides }];

/** The moment of sign-up in epoch ms, or undefined for a plan that began before terms were kept. */
export const planBeganMs = ({ terms }: Plan): number | undefined => {
  const fromMs = terms?.[0]?.fromMs;
  return fromMs === 0 ? undefined : fromMs;
};

/**
 * The terms that hold for a period: the last ones that took effect in it or before. Clocks play no
 * part within a period, so a change binds every environment at once; a period that has ended keeps
 * the terms it ended with.
 */
export function termsIn(plan: Plan, periodEndMs: number): PlanTerms {
  const all = termsOf(plan);
  return all.findLast(({ fromMs }) => fromMs < periodEndMs) ?? (all[0] as PlanTerms);
}

/** The plan's terms with new ones appended that take effect now, without those nobody asks for any more. */
export function withNewTerms(
  plan: Plan,
  { tier, overrides }: Pick<Plan, "tier" | "overrides">,
  nowMs: number,
): PlanTerms[] {
  const all = termsOf(plan);
  const last = all.at(-1) as PlanTerms;
  // Clocks of two operators' environments may differ: terms stay in order.
  const next = {
    fromMs: Math.max(nowMs, last.fromMs + 1),
    tier,
    overrides: withoutReasons(overrides),
  };
  const kept = all.filter((_, index) => {
    const successor = all[index + 1];
    return successor === undefined || successor.fromMs > nowMs - keptMs;
  });
  return [...kept, next].slice(-termsMax);
}

/** What an override grants; who gave it and why is in the audit trail. */
const withoutReasons = (overrides: Plan["overrides"]): PlanTerms["overrides"] =>
  Object.fromEntries(
    Object.entries(overrides).map(([resource, { limit, overageMax, expiresAtMs }]) => [
      resource,
      { limit, overageMax, expiresAtMs },
    ]),
  );

/** The stretches of a period, oldest first: one, and another for each change of terms or end of an override. */
export function stretchesOf(plan: Plan, { startsAtMs, endsAtMs }: Period): PlanStretch[] {
  const all = termsOf(plan).filter(({ fromMs }) => fromMs < endsAtMs);
  const stretches: PlanStretch[] = [];
  for (const [index, terms] of all.entries()) {
    const endMs = Math.min(all[index + 1]?.fromMs ?? endsAtMs, endsAtMs);
    let fromMs = Math.max(terms.fromMs, startsAtMs);
    while (fromMs < endMs) {
      const quotas = resources.map(
        (name) => [name, termsQuota(terms, name, fromMs, endMs)] as const,
      );
      const untilMs = Math.min(...quotas.map(([, { validUntilMs }]) => validUntilMs));
      stretches.push({
        fromMs,
        untilMs,
        tier: terms.tier,
        limits: Object.fromEntries(
          quotas.map(([name, { limit, overageMax }]) => [name, { limit, overageMax }]),
        ) as PlanStretch["limits"],
      });
      fromMs = untilMs;
    }
  }
  return stretches;
}

/** The quota that holds at a moment of a period, by the terms of that period. */
export const quotaOf = (
  plan: Plan,
  resource: Resource,
  nowMs: number,
  periodEndMs: number,
): Quota => termsQuota(termsIn(plan, periodEndMs), resource, nowMs, periodEndMs);
