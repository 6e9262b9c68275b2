import { readFileSync, writeFileSync } from "node:fs";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkPermission } from "../../../lib/access/authorize.ts";
import type { Role } from "../../../lib/access/policy.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { hourOf } from "../../../lib/aws/period-budget.ts";
import type { Route } from "../../../lib/http/route.ts";
import { permissionOf } from "../../../lib/http/route.ts";
import { routes } from "../../../lib/routes.ts";
import type { RoundTrips } from "../../../local/cost-model.ts";
import { startEmulator } from "../../../local/emulator.ts";
import { meterCapacity } from "../../support/meter-capacity.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { useStack } from "../../support/stack.ts";
import type { Cast } from "../isolation/cast.ts";
import { makeCast, prepare, send } from "../isolation/cast.ts";

const emulator = await startEmulator();
const meter = await meterCapacity(emulator.url);
// One environment per function: after a first request it is warm.
const stack = useStack({ environments: 1, external: { dynamodb: meter.url } });

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(stack);
});
afterAll(async () => {
  await meter.close();
  await emulator.kill();
});

/** Its sample moves the clock, which brings the end of the cast's access tokens nearer: it comes last. */
const routesByClock = routes.toSorted(
  (one, other) => Number(movesClock(one)) - Number(movesClock(other)),
);

function movesClock({ operationId }: Route): boolean {
  return operationId === "revokeKeyVersion";
}

/** Whoever may call the operation: an owner, if not an operator. */
function roleFor({ access }: Route): Role {
  const permission = permissionOf(access);
  if (!permission) return "owner";
  const owner = {
    roles: ["owner" as const],
    acr: "aal2" as const,
    authTimeMs: stack.now(),
    secondFactorDemanded: false,
  };
  return checkPermission(owner, permission, stack.now).allowed ? "owner" : "operator";
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

/** All samples together invite more people than a manufacturer may in an hour. */
async function forgetInvitations(manufacturerIds: readonly string[]): Promise<void> {
  const documents = documentsOf(stack);
  for (const manufacturerId of manufacturerIds) {
    await documents.send(
      new DeleteCommand({
        TableName: stack.tableNames.identity,
        Key: identityKeys.invitations(manufacturerId, hourOf(stack.now())),
      }),
    );
  }
  documents.destroy();
}

/** Calls of the request, and what it and all that follows from it consume. */
async function count(route: Route): Promise<RoundTrips> {
  const role = roleFor(route);
  const { own, foreign } = cast.targets(role);
  const target = route.path.startsWith("/v1/operator/") ? foreign : own;
  const scene = { stack, role, caller: cast.callers[role], target };
  await forgetInvitations([own.manufacturerId, foreign.manufacturerId]);
  const request = await prepare(route, scene);
  await stack.settled();
  meter.take();
  stack.resetCalls();
  const [eventsBefore, emailsBefore] = [stack.events().length, stack.outbox().length];
  const { status } = await send(route, request, scene);
  const { dynamodb, kms } = stack.calls();
  expect([route.operationId, status]).toEqual([route.operationId, route.success.status]);
  await stack.settled();
  // What the collector of figures writes comes by delivery, not by request.
  const consumed = meter
    .take()
    .filter(({ table, kind }) => table !== stack.tableNames.metrics || kind === "read");
  const unitsOf = (kind: string): number =>
    sum(consumed.filter((one) => one.kind === kind).map(({ units }) => units));
  const statements = Object.entries(dynamodb).filter(
    ([name]) => !/Stream|Shard|Records/.test(name),
  );
  return {
    databaseCalls: sum(statements.map(([, calls]) => calls)),
    keyServiceCalls: sum(Object.values(kms)),
    readUnits: unitsOf("read"),
    writeUnits: unitsOf("write"),
    events: stack.events().length - eventsBefore,
    emails: stack.outbox().length - emailsBefore,
  };
}

/** Work that runs behind a request may fall into a count, and only ever adds. */
const least = (counts: readonly RoundTrips[]): RoundTrips =>
  Object.fromEntries(
    Object.keys(counts[0] ?? {}).map((name) => [
      name,
      Math.min(...counts.map((one) => one[name as keyof RoundTrips])),
    ]),
  ) as unknown as RoundTrips;

const file = new URL("../../../docs/operations/round-trips.json", import.meta.url);

/** `npm run cost` writes; all other runs compare. */
const isWriting = process.env["ROUND_TRIPS"] === "write";

/** One line for each operation, so that a difference shows which. */
const toText = (counted: Readonly<Record<string, RoundTrips>>): string =>
  `{\n${Object.entries(counted)
    .map(([operationId, trips]) => `  "${operationId}": ${JSON.stringify(trips)}`)
    .join(",\n")}\n}\n`;

const attemptsMax = 3;
/** Some three hundred requests and what prepares them; only what hangs is ended. */
const timeoutMs = 900_000;

/** Sizes vary a little, and a list grows: more than this is another operation than the one counted. */
const isFar = (counted: RoundTrips, documented: RoundTrips | undefined): boolean =>
  !documented ||
  Object.entries(documented).some(([name, number]) => {
    const difference = Math.abs(counted[name as keyof RoundTrips] - number);
    return difference > Math.max(2, number / 4);
  });

/** Warm; on a busy machine, where calls are repeated, often enough to see what is the least. */
async function countWarm(route: Route, documented: RoundTrips | undefined): Promise<RoundTrips> {
  await count(route);
  const counts = [await count(route)];
  // What is written is counted twice at least; so is what differs.
  while (counts.length < attemptsMax) {
    const isSure = isWriting ? counts.length > 1 : !isFar(least(counts), documented);
    if (isSure) break;
    counts.push(await count(route));
  }
  return least(counts);
}

test("every operation makes about the round trips that docs/operations/cost.md reckons with (npm run cost)", {
  timeout: timeoutMs,
}, async () => {
  const documented = JSON.parse(readFileSync(file, "utf8")) as Record<string, RoundTrips>;
  const counted: Record<string, RoundTrips> = {};
  for (const route of routesByClock) {
    counted[route.operationId] = await countWarm(route, documented[route.operationId]);
  }
  if (isWriting) writeFileSync(file, toText(counted));
  else {
    const others = Object.entries(counted).filter(([operationId, trips]) =>
      isFar(trips, documented[operationId]),
    );
    expect(others).toEqual([]);
    expect(Object.keys(documented).toSorted()).toEqual(Object.keys(counted).toSorted());
  }
});
