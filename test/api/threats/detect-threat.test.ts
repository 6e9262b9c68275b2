import { beforeAll, describe, expect, it } from "vitest";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { inviteMember, signUp } from "../../support/manufacturer.ts";
import { useStack } from "../../support/stack.ts";

const stack = useStack();
let owner: SignedInMember;

beforeAll(async () => {
  owner = await signUp(stack);
});

const detect = (body: unknown, token = owner.accessToken) =>
  stack.http.post("/v1/threats/detect", { body, token });

describe("200", () => {
  it("an attack is named with its kind, its place and its reasons", async () => {
    const name = "' OR 1=1 UNION SELECT password FROM users --";
    const { status, body } = await detect({ data: { product: { name } } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ threat: true, findings: [{ type: "sql_injection" }] });
    const [finding] = body.findings;
    expect(finding.pointer).toBe("/product/name");
    expect(name.slice(finding.start, finding.end)).toContain("UNION");
    expect(finding.reasons.length).toBeGreaterThan(0);
    expect(body.confidence).toBeGreaterThanOrEqual(body.threshold);
  });

  it("a pipe fitter's catalogue passes untouched", async () => {
    const data = {
      name: 'UNION, 1/2" NPT; SELECT grade -- DROP forged',
      street: "2104 GRANT AVE #A",
    };
    const { body } = await detect({ data });
    expect(body).toMatchObject({ threat: false, findings: [] });
  });

  it("an operator in a key is found, whatever its value", async () => {
    const { body } = await detect({ data: { password: { $ne: null } } });
    expect(body).toMatchObject({ threat: true, findings: [{ type: "nosql_injection" }] });
  });

  it("only the kind that is asked for is answered", async () => {
    const { body } = await detect({ type: "sql_injection", data: "<script>alert(1)</script>" });
    expect(body.findings.every(({ type }: { type: string }) => type === "sql_injection")).toBe(
      true,
    );
  });

  it("a field that is ignored is not screened, its neighbour is", async () => {
    const data = { a: "<script>alert(1)</script>", b: "<script>alert(1)</script>" };
    const { body } = await detect({ data, ignore: ["/a"] });
    expect(body.findings.map(({ pointer }: { pointer: string }) => pointer)).toEqual(["/b"]);
  });

  it("an attack is on record and an event, by kind and sender and without what was sent", async () => {
    const member = await inviteMember(stack, owner, "editor");
    await detect({ data: "' OR 1=1 UNION SELECT secret FROM vault --" }, member.accessToken);
    await stack.settled();
    const attacks = stack
      .events()
      .filter((sent) => sent["detail-type"] === "threats.attack.detected");
    const event = attacks.find(({ detail }) => JSON.stringify(detail).includes(member.memberId));
    expect(event?.detail).toMatchObject({
      actorId: member.memberId,
      manufacturerId: owner.manufacturerId,
      details: { types: ["sql_injection"] },
    });
    expect(JSON.stringify(event)).not.toContain("vault");
  });

  it("an attack that somebody asks about does not count for the alarm on attacks", async () => {
    await detect({ data: "' OR 1=1 UNION SELECT secret FROM vault --" });
    const counted = stack.logLines().filter(({ line }) => line.includes("attacksDetected"));
    expect(counted).toEqual([]);
  });

  it("costs one call to the database, the charge", async () => {
    await detect({ data: "warm" });
    // What the attacks of other tests set off is still being written.
    await stack.settled();
    stack.resetCalls();
    await detect({ data: "warm" });
    expect(stack.calls()["dynamodb"]).toEqual({ UpdateItem: 1 });
  });
});

describe("400", () => {
  it.each([
    ["without data", {}, "/body/data"],
    ["of an unknown kind", { data: 1, type: "ldap" }, "/body/type"],
    ["with a pointer that is none", { data: 1, ignore: ["a"] }, "/body/ignore/0"],
  ])("a request %s is refused, naming the place", async (_, body, pointer) => {
    const answer = await detect(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

describe("403", () => {
  it("a viewer may not spend the manufacturer's calls", async () => {
    const viewer = await inviteMember(stack, owner, "viewer");
    expect((await detect({ data: 1 }, viewer.accessToken)).status).toBe(403);
  });
});

describe("413", () => {
  it("data that is too long to screen is refused, never called clean", async () => {
    const { status, body } = await detect({ data: "a b' ".repeat(60_000) });
    expect([status, body.code]).toEqual([413, "body-too-large"]);
  });
});
