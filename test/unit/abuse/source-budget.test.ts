import { describe, expect, test } from "vitest";
import type { SourceBudget, SourceBudgetName } from "../../../lib/abuse/source-budget.ts";
import { sourceBudget } from "../../../lib/abuse/source-budget.ts";
import type { TrySpend } from "../../../lib/aws/try-spend.ts";

const minute = 60_000;

/** A table of counters, shared by environments as DynamoDB would be. */
function sharedTable() {
  const spent = new Map<string, number>();
  const asked: number[] = [];
  const trySpend: TrySpend = async ({ key, max }, uses = 1) => {
    asked.push(uses);
    const name = `${key.pk} ${key.sk}`;
    const total = (spent.get(name) ?? 0) + uses;
    if (total > max) return false;
    spent.set(name, total);
    return true;
  };
  return { trySpend, asked };
}

function scene(name: SourceBudgetName, { environments = 1, factor = 1 } = {}) {
  const clock = { nowMs: 1_795_000_000_000 };
  const table = sharedTable();
  const budgets = Array.from({ length: environments }, () =>
    sourceBudget(name, { trySpend: table.trySpend, factor, now: () => clock.nowMs }),
  );
  return { clock, budgets, budget: budgets[0] as SourceBudget, ...table };
}

const isAdmitted = (budget: SourceBudget, source: string): Promise<boolean> =>
  budget.spend(source).then(
    () => true,
    () => false,
  );

/** How many of so many requests one after the other are admitted; each may prove nothing. */
async function admitted(
  budgets: readonly SourceBudget[],
  source: string,
  requests: number,
  { fail = false } = {},
): Promise<number> {
  let count = 0;
  for (let request = 0; request < requests; request++) {
    const budget = budgets[request % budgets.length] as SourceBudget;
    if (!(await isAdmitted(budget, source))) continue;
    count += 1;
    if (fail) budget.spendFailure(source);
  }
  return count;
}

describe("within ten minutes one source has", () => {
  test("600 requests that hash a password, where all succeed: a carrier's address works for many people", async () => {
    const { budgets } = scene("passwords");
    expect(await admitted(budgets, "203.0.113.7", 1000)).toBe(600);
  });

  test("120 where none succeeds", async () => {
    const { budgets } = scene("passwords");
    expect(await admitted(budgets, "203.0.113.7", 1000, { fail: true })).toBe(120);
  });

  test("120 wrong codes, and any number of right ones", async () => {
    const { budgets } = scene("codes");
    expect(await admitted(budgets, "203.0.113.7", 5000)).toBe(5000);
    const wrong = await admitted(budgets, "203.0.113.7", 1000, { fail: true });
    expect(wrong).toBeGreaterThan(115);
    expect(wrong).toBeLessThan(125);
  });

  test("as many times more as the deployment says", async () => {
    const { budgets } = scene("passwords", { factor: 3 });
    expect(await admitted(budgets, "203.0.113.7", 5000)).toBe(1800);
  });
});

test("within an hour one source asks for 60 password resets, and for 60 more in the next", async () => {
  const { budgets, clock } = scene("mails");
  expect(await admitted(budgets, "203.0.113.7", 200)).toBe(60);
  clock.nowMs += 60 * minute;
  expect(await admitted(budgets, "203.0.113.7", 200)).toBe(60);
});

describe("over many environments", () => {
  test("a busy source has one budget, and what each of them gave unasked on top at most", async () => {
    const { budgets } = scene("passwords", { environments: 50 });
    const count = await admitted(budgets, "203.0.113.7", 20_000, { fail: true });
    // 50 environments, ten units each, five units a failure.
    expect(count).toBeLessThanOrEqual(120 + 100);
  });

  test("whoever has spent it is refused by each of them, after one question each", async () => {
    const { budgets, asked } = scene("passwords", { environments: 3 });
    await admitted(budgets, "203.0.113.7", 2000);
    const before = asked.length;
    expect(await admitted(budgets, "203.0.113.7", 3000)).toBe(0);
    expect(asked).toHaveLength(before);
  });
});

describe("asking the table", () => {
  test("is not needed for a source's first ten requests in an environment, then once for ten", async () => {
    const { budgets, asked } = scene("passwords");
    await admitted(budgets, "203.0.113.7", 10);
    expect(asked).toEqual([]);
    await admitted(budgets, "203.0.113.7", 20);
    // The first question reports the ten that were given unasked.
    expect(asked).toEqual([20, 10]);
  });

  test("that fails lets nobody in", async () => {
    const outage = async (): Promise<boolean> => {
      throw new Error("no table");
    };
    const budget = sourceBudget("passwords", { trySpend: outage, factor: 1, now: () => 0 });
    expect(await admitted([budget], "203.0.113.7", 20)).toBe(10);
    await expect(budget.spend("203.0.113.7")).rejects.toThrow("no table");
  });
});

describe("a source that has spent its budget", () => {
  test("is told when the window ends, and has a new budget then", async () => {
    const { budgets, budget, clock } = scene("passwords");
    // 120,000 ms before the end of a window of ten minutes.
    clock.nowMs = 1_795_200_000_000 - 2 * minute;
    await admitted(budgets, "203.0.113.7", 700);
    await expect(budget.spend("203.0.113.7")).rejects.toMatchObject({
      code: "too-many-requests",
      headers: { "retry-after": "120" },
      extra: { retryAfterSeconds: 120 },
    });
    clock.nowMs += 2 * minute;
    expect(await isAdmitted(budget, "203.0.113.7")).toBe(true);
  });

  test("is refused under every spelling, and nobody else is", async () => {
    const { budgets, budget } = scene("passwords");
    await admitted(budgets, "2001:db8:1:2::1", 700);
    expect(await isAdmitted(budget, "2001:db8:1:2:ffff::9")).toBe(false);
    expect(await isAdmitted(budget, "2001:db8:1:3::1")).toBe(true);
    expect(await isAdmitted(budget, "203.0.113.7")).toBe(true);
  });
});

test("whoever has a whole /48 of IPv6 guesses 1,920 times in ten minutes, from however many lines", async () => {
  const { budgets, budget } = scene("passwords");
  let compared = 0;
  for (let line = 0; line < 100; line++) {
    compared += await admitted(budgets, `2001:db8:1:${line.toString(16)}::1`, 130, { fail: true });
  }
  expect(compared).toBeGreaterThan(1900);
  expect(compared).toBeLessThanOrEqual(1920);
  expect(await isAdmitted(budget, "2001:db8:1:ffff::1")).toBe(false);
  expect(await isAdmitted(budget, "2001:db8:2:ffff::1")).toBe(true);
});

test("an environment remembers 10,000 sources and forgets the one it met first", async () => {
  const { budgets, budget, asked } = scene("passwords");
  const first = "203.0.113.7";
  const addressOf = (count: number) => (index: number) =>
    `10.${count & 255}.${index >> 8}.${index & 255}`;
  const meet = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) await budget.spend(addressOf(count)(index));
  };
  await admitted(budgets, first, 10);
  await meet(9_999);
  await budget.spend(first);
  expect(asked).toHaveLength(1);
  await meet(10_000);
  await budget.spend(first);
  expect(asked).toHaveLength(1);
});
