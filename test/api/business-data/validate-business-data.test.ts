import { beforeAll, describe, expect, it } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, signUp } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const path = "/v1/business-data/validate";
const stack = useStack();
let owner: SignedInMember;

beforeAll(async () => {
  owner = await signUp(stack);
});

const validate = (body: unknown, token = owner.accessToken) =>
  stack.http.post(path, { body, token });

const validateRaw = (body: string) =>
  stack.http.raw(path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${owner.accessToken}` },
    body,
  });

const profile = {
  country: "US",
  legalName: "O'Hara & Sons Union Fittings, Inc.",
  tradeName: 'UNION, 1/2" NPT; SELECT grade -- DROP forged',
  taxId: "04-2103594",
  email: "jane.ohara@oharafittings.com",
  phone: "(202) 456-1111",
  website: "https://www.oharafittings.com/",
  address: { street: "1600 Union Ave, Unit #2 -- rear", city: "Denver", postalCode: "80203" },
};

describe("200", () => {
  it("a sound profile is valid, though its words are also SQL", async () => {
    const { status, body } = await validate(profile);
    expect(status).toBe(200);
    expect(body).toMatchObject({ valid: true, threats: [], inconsistencies: [] });
    expect(body.fields.phone).toEqual({
      valid: true,
      evidence: "format",
      normalized: "+12024561111",
    });
    expect(body).toMatchObject({ securityScore: 100, riskLevel: "low" });
  });

  it("a wrong field is a verdict with its code, not a problem", async () => {
    const { status, body } = await validate({ ...profile, country: "DE", taxId: "DE136695975" });
    expect(status).toBe(200);
    expect(body.valid).toBe(false);
    expect(body.fields.taxId).toMatchObject({ valid: false, code: "invalid-check-digit" });
  });

  it.each([
    [
      "SQL in a known field",
      { taxId: "1' OR '1'='1' UNION SELECT password FROM users--" },
      "taxId",
    ],
    ["a script in an unknown field", { note: "<script>fetch('//evil.example')</script>" }, "note"],
    ["an operator for a text", { email: { $ne: null } }, "email"],
  ])("%s is an attack, and its value is not given back", async (_, attack, field) => {
    const { status, body } = await validate({ ...profile, ...attack });
    expect(status).toBe(200);
    expect(body.valid).toBe(false);
    expect(body.fields[field]).toEqual({ valid: false, evidence: "none", code: "attack" });
    expect(body.threats[0].pointer).toMatch(new RegExp(`^/${field}`));
    expect(body.securityScore).toBeLessThanOrEqual(50);
  });

  it("an attack is on record and an event, by kind and sender and without what was sent", async () => {
    const member = await inviteMember(stack, owner, "editor");
    const note = "' OR 1=1 UNION SELECT secret FROM vault --";
    await validate({ ...profile, note }, member.accessToken);
    await stack.settled();
    const attacks = stack
      .events()
      .filter((sent) => sent["detail-type"] === "threats.attack.detected");
    const event = attacks.find(({ detail }) => JSON.stringify(detail).includes(member.memberId));
    expect(event?.detail).toMatchObject({
      manufacturerId: owner.manufacturerId,
      details: { types: ["sql_injection"] },
    });
    expect(JSON.stringify(event)).not.toContain("vault");
  });

  it("a key that would poison a prototype is a field like any other", async () => {
    const { status, body } = await validateRaw('{"country":"US","__proto__":{"isAdmin":true}}');
    expect(status).toBe(200);
    expect(Object.keys(body.fields)).toContain("__proto__");
  });

  it("an editor may ask, too", async () => {
    const editor = await inviteMember(stack, owner, "editor");
    expect((await validate(profile, editor.accessToken)).status).toBe(200);
  });

  it("a warm function makes one call, which charges the quota", async () => {
    await validate(profile);
    await stack.settled();
    stack.resetCalls();
    await validate(profile);
    expect(stack.calls()).toEqual({ dynamodb: { UpdateItem: 1 }, kms: {} });
  });

  it("nothing that was sent is logged", async () => {
    await validate({ ...profile, legalName: "Secretive Works Ltd" });
    await stack.settled();
    expect(JSON.stringify(stack.logLines())).not.toContain("Secretive Works");
  });
});

describe("400", () => {
  it.each([[[]], ["text"], [7], [null]])("%j is no submission", async (body) => {
    expect((await validate(body)).body).toMatchObject({ status: 400, code: "invalid-request" });
  });

  it("a body that is no JSON is refused", async () => {
    const { body } = await validateRaw('{"country":');
    expect(body).toMatchObject({ status: 400, code: "malformed-json" });
  });
});

describe("401", () => {
  it("without a token there is no verdict", async () => {
    const { body } = await stack.http.post(path, { body: profile });
    expect(body).toMatchObject({ status: 401, code: "missing-token" });
  });
});

describe("403", () => {
  it("a viewer may not ask", async () => {
    const viewer = await inviteMember(stack, owner, "viewer");
    const { body } = await validate(profile, viewer.accessToken);
    expect(body).toMatchObject({ status: 403, code: "forbidden" });
  });
});

describe("413", () => {
  it("more than 64 KiB are refused unread", async () => {
    const { body } = await validate({ ...profile, note: "x".repeat(65_536) });
    expect(body).toMatchObject({ status: 413, code: "body-too-large" });
  });
});
