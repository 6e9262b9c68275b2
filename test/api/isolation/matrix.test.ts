import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkPermission } from "../../../lib/access/authorize.ts";
import type { AssuranceLevel, Role } from "../../../lib/access/policy.ts";
import { roles } from "../../../lib/access/policy.ts";
import type { Route } from "../../../lib/http/route.ts";
import { permissionOf } from "../../../lib/http/route.ts";
import { routes } from "../../../lib/routes.ts";
import { claimsOf, signIn } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";
import type { Cast } from "./cast.ts";
import { makeCast, prepare, send } from "./cast.ts";
import { samples } from "./samples.ts";

const stack = useStack();
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(stack);
});

const testsPerHour = 15;
let tests = 0;
// Invitations have an hourly budget, which the samples of so many tests would use up.
beforeEach(async () => {
  if (tests++ % testsPerHour !== 0) return;
  stack.advanceClock(3600);
  for (const caller of Object.values(cast.callers)) {
    Object.assign(caller, await signIn(stack, caller));
  }
});

interface Expected {
  status: number;
  code?: string;
}

/** What the policy alone says about a request: no test knows an operation by name. */
function expectedOf(
  route: Route,
  { role, token, isForeign }: { role: Role; token: string; isForeign: boolean },
): Expected {
  const { access, success, path } = route;
  const permission = permissionOf(access);
  if (permission) {
    const { acr, auth_time: authTime } = claimsOf(token);
    const caller = {
      roles: [role],
      acr: acr as AssuranceLevel,
      authTimeMs: Number(authTime) * 1000,
      secondFactorDemanded: false,
    };
    const verdict = checkPermission(caller, permission, stack.now);
    if (!verdict.allowed) {
      return verdict.reason === "role"
        ? { status: 403, code: "forbidden" }
        : { status: 401, code: "insufficient-authentication" };
    }
  }
  return isForeign && !reachesEverybody(path)
    ? { status: 404, code: "not-found" }
    : { status: success.status };
}

/** Operators act on manufacturers, none of which is their own. */
const reachesEverybody = (path: string): boolean => path.startsWith("/v1/operator/");

/** Everything by which a foreign manufacturer could be recognised. */
function traces(role: Role): string[] {
  const { foreign } = cast.targets(role);
  return [foreign.manufacturerId, foreign.head, foreign.colleague].flatMap((trace) =>
    typeof trace === "string" ? [trace] : [trace.memberId, trace.email],
  );
}

const cases = routes.flatMap((route) =>
  roles.flatMap((role) => {
    const { operationId } = route;
    const own = { operationId, role, whose: "their own", route, isForeign: false };
    const foreign = { ...own, whose: "a foreign", isForeign: true };
    if (!samples[operationId]?.namesResource) return [own];
    return reachesEverybody(route.path) ? [foreign] : [own, foreign];
  }),
);

describe("every operation by every role, on what is their own and on what is not", () => {
  test.each(cases)(
    "$operationId by $role on $whose manufacturer",
    async ({ route, role, isForeign }) => {
      const { own, foreign } = cast.targets(role);
      const caller = cast.callers[role];
      const scene = { stack, role, caller, target: isForeign ? foreign : own };
      const request = await prepare(route, scene);
      const answer = await send(route, request, scene);
      const { token = caller.accessToken } = request;
      const { status, code } = expectedOf(route, { role, token, isForeign });
      expect({ status: answer.status, code: answer.body?.code }).toEqual({ status, code });
      if (!isForeign) {
        const text = JSON.stringify(answer.body ?? "");
        expect(traces(role).filter((trace) => text.includes(trace))).toEqual([]);
      }
    },
  );
});

describe("without a token", () => {
  const protectedRoutes = routes.filter(({ access }) => access !== "public");
  test.each(protectedRoutes)("$operationId answers nobody", async (route) => {
    const { own } = cast.targets("owner");
    const scene = { stack, role: "owner" as const, caller: cast.callers.owner, target: own };
    const { token: _, ...request } = await prepare(route, scene);
    const answer = await send({ ...route, access: "public" }, request, scene);
    expect([answer.status, answer.body.code]).toEqual([401, "missing-token"]);
  });
});
