import { expect, test } from "vitest";
import type { OperatorCredentials } from "../../../lib/operator/create-first-operator.ts";
import { problems } from "../../../lib/problem.ts";
import {
  claimsOf,
  inviteMember,
  newEmail,
  signIn,
  signUp,
  takeCredentials,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { race } from "../../support/race.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const create = (event: unknown) =>
  stack.invoke("createFirstOperator", event) as Promise<OperatorCredentials>;

test("ten first operators at once: one is made, signs in, and invites the others", async () => {
  const { fulfilled, rejected } = await race(10, () => create({ name: "Olga", email: newEmail() }));
  expect([fulfilled.length, rejected.length]).toEqual([1, 9]);
  const [credentials] = fulfilled;
  if (!credentials) throw new Error("none was made");
  takeCredentials(stack, credentials);
  const operator = await signIn(stack, credentials);
  expect(claimsOf(operator.accessToken)).toMatchObject({ acr: "aal2" });
  expect(operator.manufacturerId).toBe("platform");
  expect(credentials.backupCodes).toHaveLength(10);
  const { body: withoutPhone } = await stack.http.post("/v1/auth/sign-in", {
    body: { email: credentials.email, password: credentials.password },
  });
  const { body: signedIn } = await stack.http.post("/v1/auth/mfa/backup-code", {
    body: { mfaToken: withoutPhone.mfaToken, code: credentials.backupCodes[0] },
  });
  expect(signedIn).toMatchObject({ acr: "aal2", amr: ["pwd", "backup-code"] });
  const second = await inviteMember(stack, operator, "operator");
  const { body } = await stack.http.get("/v1/access/permissions", { token: second.accessToken });
  expect(body.items).toContainEqual({
    permission: "members:unlock",
    minAcr: "aal2",
    maxAuthAgeSeconds: 900,
  });
  await expect(create({ name: "Olga", email: newEmail() })).rejects.toThrow(
    problems["operator-exists"].title,
  );

  const answer = await stack.http.post("/v1/members", {
    token: operator.accessToken,
    body: { name: "Ada", email: newEmail(), role: "owner" },
  });
  expect(answer).toMatchObject(
    problemAnswer("invalid-request", { errors: [{ pointer: "/body/role", code: "not-allowed" }] }),
  );
});

test.each([{}, { name: "Olga" }, { name: "Olga", email: "nobody" }, null, "text"])(
  "a malformed event is refused: %j",
  async (event) => {
    await expect(create(event)).rejects.toThrow();
  },
);

test("there is no way to it over HTTP", async () => {
  const { accessToken: token } = await signUp(stack);
  for (const path of ["/v1/operator", "/v1/operator/create-first-operator", "/v1/operators"]) {
    expect((await stack.http.post(path, { token, body: {} })).status).toBe(404);
  }
});
