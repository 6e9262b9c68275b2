import { describe, expect, it } from "vitest";
import { countCalls } from "../../support/count-calls.ts";
import { inviteMember, signIn, signUp } from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { enrolTotp } from "../../support/second-factor.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
const change = (token: string, requiredFor: readonly string[]) =>
  stack.http.put("/v1/mfa/policy", { body: { requiredFor }, token });
const readManufacturer = (token: string) => stack.http.get("/v1/manufacturers/me", { token });

describe("200", () => {
  it("whom it demands a factor of can do nothing but bind one, and everything after", async () => {
    const base = await signUp(stack);
    const owner = await enrolTotp(stack, base);
    const editor = await inviteMember(stack, owner, "editor");
    const viewer = await inviteMember(stack, owner, "viewer");
    const preview = await stack.http.post("/v1/mfa/policy/preview", {
      body: { requiredFor: ["owner", "editor"] },
      token: owner.accessToken,
    });
    expect(preview.body.lockedOut).toMatchObject([{ memberId: editor.memberId }]);

    expect(await change(owner.accessToken, ["owner", "editor"])).toMatchObject({ status: 200 });
    stack.advanceClock(61);
    const again = await signIn(stack, editor);
    for (const token of [editor.accessToken, again.accessToken]) {
      expect(await readManufacturer(token)).toMatchObject(
        problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }),
      );
    }
    expect((await readManufacturer(viewer.accessToken)).status).toBe(200);
    expect((await readManufacturer(owner.accessToken)).status).toBe(200);
    const enrolled = await enrolTotp(stack, again);
    expect((await readManufacturer(enrolled.accessToken)).status).toBe(200);
    const read = await stack.http.get("/v1/mfa/policy", { token: owner.accessToken });
    expect(read.body).toEqual({ requiredFor: ["owner", "editor"] });
  });

  it("holds for operations that take no permission too; what ends a session or proves a factor stays open", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const viewer = await inviteMember(stack, owner, "viewer");
    await change(owner.accessToken, ["viewer"]);
    stack.advanceClock(61);
    const { accessToken: token, password } = await signIn(stack, viewer);
    const refused = [
      stack.http.get("/v1/members/me/export", { token }),
      stack.http.post("/v1/devices/challenge", { token }),
      stack.http.get("/v1/mfa/backup-codes", { token }),
      stack.http.post("/v1/auth/password/change", {
        token,
        body: { current: password, new: "seven brass lanterns" },
      }),
    ];
    for (const answer of await Promise.all(refused)) {
      expect(answer).toMatchObject(
        problemAnswer("insufficient-authentication", { acrValues: ["aal2"] }),
      );
      expect(answer.headers.get("www-authenticate")).toContain('acr_values="aal2"');
    }
    for (const path of ["/v1/auth/sessions", "/v1/mfa/factors", "/v1/devices"]) {
      expect((await stack.http.get(path, { token })).status).toBe(200);
    }
    expect((await stack.http.post("/v1/auth/sign-out", { token })).status).toBe(204);
  });

  it("costs no call where the access item is warm", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    await change(owner.accessToken, ["owner"]);
    await readManufacturer(owner.accessToken);
    expect(await countCalls(stack, () => readManufacturer(owner.accessToken))).toEqual({
      dynamodb: 1,
      kms: 0,
    });
  });
});

describe("400", () => {
  it("for a role that there is not", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    expect(await change(owner.accessToken, ["emperor"])).toMatchObject(
      problemAnswer("invalid-request"),
    );
  });
});

describe("401", () => {
  it("for an owner who has no second factor: nobody locks others out of what they are out of themselves", async () => {
    const owner = await signUp(stack);
    expect(await change(owner.accessToken, ["owner"])).toMatchObject(
      problemAnswer("insufficient-authentication"),
    );
  });
});

describe("403", () => {
  it("for an editor", async () => {
    const owner = await enrolTotp(stack, await signUp(stack));
    const editor = await inviteMember(stack, owner, "editor");
    expect(await change(editor.accessToken, [])).toMatchObject(problemAnswer("forbidden"));
  });
});
