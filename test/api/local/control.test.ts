import { expect, test } from "vitest";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

const dayMs = 86_400_000;
const signUp = (email: string) =>
  stack.http.post("/v1/manufacturers", {
    body: {
      legalName: "Acme GmbH",
      country: "DE",
      contact: { email: "info@acme.example", phone: "+4915112345678" },
      owner: { name: "Ada", email, password: "seven quiet otters in a boat" },
    },
  });

test("the clock moves for every function, and never back", async () => {
  const before = Date.parse((await stack.http.get("/__local/clock")).body.now);
  await stack.http.post("/__local/clock", { body: { advanceSeconds: 7 * 86_400 } });
  const after = Date.parse((await stack.http.get("/__local/clock")).body.now);
  expect(after - before).toBeGreaterThanOrEqual(7 * dayMs);
  await signUp("clock@acme.example");
  await stack.http.post("/__local/settle");
  const [event] = stack.events().slice(-1);
  expect(Date.parse(String(event?.time))).toBeGreaterThanOrEqual(after - 1000);
  for (const advanceSeconds of [-1, "1", 1e12, null]) {
    const answer = await stack.http.post("/__local/clock", { body: { advanceSeconds } });
    expect(answer.status).toBe(400);
  }
});

test("what left the product is listed: events and e-mails", async () => {
  await signUp("listed@acme.example");
  await stack.http.post("/__local/settle");
  const events = (await stack.http.get("/__local/events")).body.items;
  expect(events.map((event: Record<string, string>) => event["detail-type"])).toContain(
    "accounts.sign-up.requested",
  );
  const emails = (await stack.http.get("/__local/outbox")).body.items;
  expect(emails).toContainEqual(expect.objectContaining({ to: ["listed@acme.example"] }));
});

test("calls are counted until they are reset", async () => {
  await signUp("counted@acme.example");
  expect((await stack.http.get("/__local/calls")).body.dynamodb).not.toEqual({});
  await stack.http.delete("/__local/calls");
  expect((await stack.http.get("/__local/calls")).body).toEqual({ dynamodb: {}, kms: {} });
});

test("a fault set over HTTP reaches the functions, and ends when it is taken back", async () => {
  const set = (fault: unknown) => stack.http.post("/__local/faults", { body: fault });
  expect((await set({ service: "dynamodb", mode: "error", rate: 1 })).status).toBe(200);
  expect((await signUp("faulty@acme.example")).status).toBeGreaterThanOrEqual(500);
  await set({ service: "dynamodb", mode: "none" });
  expect((await signUp("faulty@acme.example")).status).toBe(202);
  expect((await set({ service: "s3", mode: "error" })).status).toBe(400);
});

test("a scheduled function runs by name, any other name is not found", async () => {
  const { items } = (await stack.http.get("/__local/schedules")).body;
  expect(items).toContainEqual({ name: "rotatePlatformKeys" });
  expect(await stack.http.post("/__local/schedules/rotatePlatformKeys")).toMatchObject({
    status: 200,
    body: { result: {} },
  });
  expect((await stack.http.post("/__local/schedules/signIn")).status).toBe(404);
});

test("the first operator is made once", async () => {
  const first = await stack.http.post("/__local/operator", {
    body: { email: "operator@acme.example" },
  });
  expect(first).toMatchObject({ status: 200, body: { email: "operator@acme.example" } });
  const second = await stack.http.post("/__local/operator");
  expect(second.status).toBeGreaterThanOrEqual(400);
  expect(second.body.message).toContain("has an operator");
});

test("an unknown endpoint is not found and broken JSON a bad request", async () => {
  expect((await stack.http.get("/__local/nothing")).status).toBe(404);
  expect((await stack.http.get("/__local/constructor")).status).toBe(404);
  expect((await stack.http.raw("/__local/clock", { method: "POST", body: "{" })).status).toBe(400);
});
