import { expect, test } from "vitest";
import { faultAnswer } from "../../../local/fault-answers.ts";
import { createFaultPlan } from "../../../local/faults.ts";

test("a fault hits its service and operation only, until it is taken back", () => {
  const plan = createFaultPlan();
  plan.set({ service: "dynamodb", mode: "throttle", operation: "UpdateItem" });
  expect(plan.draw("dynamodb", "UpdateItem")?.mode).toBe("throttle");
  expect(plan.draw("dynamodb", "GetItem")).toBeUndefined();
  expect(plan.draw("kms", "UpdateItem")).toBeUndefined();
  plan.set({ service: "dynamodb", mode: "none", operation: "UpdateItem" });
  expect(plan.draw("dynamodb", "UpdateItem")).toBeUndefined();
});

test("an operation's own fault goes before the service's, and none for a service ends both", () => {
  const plan = createFaultPlan();
  plan.set({ service: "kms", mode: "error" });
  plan.set({ service: "kms", mode: "latency", operation: "Decrypt", delayMs: 5 });
  expect(plan.draw("kms", "Decrypt")).toMatchObject({ mode: "latency", delayMs: 5 });
  expect(plan.draw("kms", "Encrypt")?.mode).toBe("error");
  plan.set({ service: "kms", mode: "none" });
  expect(plan.draw("kms", "Decrypt")).toBeUndefined();
  expect(plan.draw("kms", "Encrypt")).toBeUndefined();
});

test("a rate hits that share of calls", () => {
  const draws = [0, 0.29, 0.3, 0.99];
  const plan = createFaultPlan(() => draws.shift() ?? 1);
  plan.set({ service: "kms", mode: "error", rate: 0.3 });
  const hits = Array.from({ length: 4 }, () => plan.draw("kms", "Decrypt") !== undefined);
  expect(hits).toEqual([true, true, false, false]);
});

test("a number of times is counted in hits and then over", () => {
  const plan = createFaultPlan();
  plan.set({ service: "kms", mode: "error", times: 2 });
  const hits = Array.from({ length: 4 }, () => plan.draw("kms", "Decrypt") !== undefined);
  expect(hits).toEqual([true, true, false, false]);
});

test("a fault that does not fit the shape is refused", () => {
  const plan = createFaultPlan();
  for (const fault of [
    { rate: 1.1 },
    { mode: "explode" },
    { service: "s3" },
    { times: 0 },
    { x: 1 },
  ]) {
    expect(() => plan.set({ service: "kms", mode: "error", ...fault } as never)).toThrow();
  }
});

test("a conflict cancels a transaction with one reason per item, and leaves reads alone", () => {
  const body = Buffer.from(JSON.stringify({ TransactItems: [{}, {}, {}] }));
  const conflict = { mode: "conflict", delayMs: 0 } as const;
  expect(faultAnswer(conflict, "dynamodb", "TransactWriteItems", body)?.body).toMatchObject({
    CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }, { Code: "None" }],
  });
  expect(faultAnswer(conflict, "dynamodb", "GetItem", body)).toBeUndefined();
  expect(faultAnswer(conflict, "kms", "Decrypt", body)).toBeUndefined();
});
