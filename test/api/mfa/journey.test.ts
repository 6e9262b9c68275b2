import { expect, test } from "vitest";
import { claimsOf, signUp } from "../../support/manufacturer.ts";
import { askForMfaToken, enrolTotp, signInWithTotp, stepUp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();

test("a member binds an app, signs in with password and code, and steps up", async () => {
  const owner = await enrolTotp(stack, await signUp(stack), { label: "phone" });
  expect(claimsOf(owner.accessToken)).toMatchObject({ acr: "aal2", amr: ["pwd", "otp"] });
  expect(owner.backupCodes).toHaveLength(10);
  const signedIn = await signInWithTotp(stack, owner);
  expect(claimsOf(signedIn.accessToken)).toMatchObject({ acr: "aal2", amr: ["pwd", "otp"] });
  const again = await stepUp(stack, signedIn);
  const factors = await stack.http.get("/v1/mfa/factors", { token: again.accessToken });
  expect(factors.body.items).toMatchObject([{ label: "phone", status: "active" }]);
  const code = await stack.http.post("/v1/auth/mfa/backup-code", {
    body: { mfaToken: await askForMfaToken(stack, owner), code: owner.backupCodes[0] },
  });
  expect(code).toMatchObject({ status: 200, body: { acr: "aal2" } });
});
