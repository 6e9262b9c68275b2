import { expect, test } from "vitest";
import { createStackClock } from "../../../local/stack-clock.ts";

const toleranceMs = 1000;

test("new Date() and Date.now() follow the advanced clock, given times do not", () => {
  const clock = createStackClock();
  clock.advance(86_400);
  clock.advance(60);
  const expectedMs = Date.now() + 86_460_000;
  for (const nowMs of [clock.now(), clock.Date.now(), new clock.Date().getTime()]) {
    expect(Math.abs(nowMs - expectedMs)).toBeLessThan(toleranceMs);
  }
  expect(new clock.Date(0).toISOString()).toBe("1970-01-01T00:00:00.000Z");
  expect(clock.Date.UTC(1970, 0)).toBe(0);
  expect(clock.Date.parse(clock.Date())).toBeGreaterThan(Date.now() + 86_000_000);
});

test("dates made on either side are instances of both", () => {
  const { Date: Shifted } = createStackClock();
  expect(new Shifted() instanceof Date).toBe(true);
  expect(new Date() instanceof Shifted).toBe(true);
  class Stamp extends Shifted {}
  expect(new Stamp() instanceof Stamp).toBe(true);
});

test("two clocks do not move each other", () => {
  const [first, second] = [createStackClock(), createStackClock()];
  first.advance(3600);
  expect(Math.abs(second.now() - Date.now())).toBeLessThan(toleranceMs);
});
