import { expect, test } from "vitest";
import { permissions, roles, ruleOf } from "../../../lib/access/policy.ts";
import { createFirstOperator, inviteMember, signUpWithFactor } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const list = (token: string) => stack.http.get("/v1/access/permissions", { token });

test("200: each role is told exactly its permissions, and what each asks for", async () => {
  const owner = await signUpWithFactor(stack);
  for (const role of roles) {
    const member =
      role === "owner"
        ? owner
        : role === "operator"
          ? await createFirstOperator(stack)
          : await inviteMember(stack, owner, role);
    const { status, body } = await list(member.accessToken);
    expect(status).toBe(200);
    expect(body.items, role).toEqual(
      permissions
        .filter((permission) => ruleOf(permission).roles.includes(role))
        .map((permission) => {
          const rule = ruleOf(permission);
          const { maxAuthAgeSeconds, minAcr, secondFactorFor, bindsFirstFactor } = rule;
          // Whoever has a second factor here does nothing but bind one without it.
          const hasFactor = ["owner", "admin", "operator"].includes(role);
          const needsTwo =
            minAcr === "aal2" ||
            secondFactorFor?.includes(role) ||
            (hasFactor && !bindsFirstFactor);
          return {
            permission,
            ...(needsTwo && { minAcr: "aal2" }),
            ...(maxAuthAgeSeconds && { maxAuthAgeSeconds }),
          };
        }),
    );
  }
});

test("401: without a token", async () => {
  expect(await stack.http.get("/v1/access/permissions")).toMatchObject(
    problemAnswer("missing-token"),
  );
});
