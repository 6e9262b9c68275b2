import { describe, expect, test } from "vitest";
import type { Permission } from "../../../lib/access/policy.ts";
import { permissions, ruleOf } from "../../../lib/access/policy.ts";
import { countCalls } from "../../support/count-calls.ts";
import { claimsOf, createFirstOperator, inviteMember, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const check = (token: string, permission: string) =>
  stack.http.post("/v1/access/check", { token, body: { permission } });

describe("200", () => {
  test("for each role and permission the verdict is what the policy says", async () => {
    const owner = await signUp(stack);
    const members = {
      owner,
      admin: await inviteMember(stack, owner, "admin"),
      editor: await inviteMember(stack, owner, "editor"),
      viewer: await inviteMember(stack, owner, "viewer"),
      operator: await createFirstOperator(stack),
    };
    for (const [role, { accessToken }] of Object.entries(members)) {
      for (const permission of permissions) {
        const { roles, minAcr, secondFactorFor = [] } = ruleOf(permission as Permission);
        const { acr } = claimsOf(accessToken);
        const needsTwo = minAcr === "aal2" || (secondFactorFor as readonly string[]).includes(role);
        const holds = (roles as readonly string[]).includes(role);
        const expected = !holds
          ? { allowed: false, reason: "role" }
          : needsTwo && acr !== "aal2"
            ? { allowed: false, reason: "assurance" }
            : { allowed: true };
        const { status, body } = await check(accessToken, permission);
        expect([status, body], `${role} ${permission}`).toEqual([200, expected]);
      }
    }
  });

  test("warm, the check costs no call; cold, the keys and the access item", async () => {
    const { accessToken } = await signUp(stack);
    stack.coldStart();
    const run = () => check(accessToken, "members:write");
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 2, kms: 0 });
    expect(await countCalls(stack, run)).toEqual({ dynamodb: 0, kms: 0 });
  });
});

describe("400", () => {
  test.each(["everything:do", "toString", "__proto__", ""])(
    "%j is no permission",
    async (permission) => {
      const { accessToken } = await signUp(stack);
      expect(await check(accessToken, permission)).toMatchObject(
        problemAnswer("invalid-request", {
          errors: [{ pointer: "/body/permission", code: "not-allowed" }],
        }),
      );
    },
  );
});

describe("401", () => {
  test("nobody checks without a token", async () => {
    const body = { permission: "members:write" };
    expect(await stack.http.post("/v1/access/check", { body })).toMatchObject(
      problemAnswer("missing-token"),
    );
  });
});
