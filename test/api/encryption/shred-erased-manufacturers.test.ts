import { GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import {
  createFirstOperator,
  inviteMember,
  sendInvitation,
  signIn,
  signUpWithFactor,
} from "../../support/manufacturer.ts";
import { problemAnswer } from "../../support/problem-answer.ts";
import { useStack } from "../../support/stack.ts";
import { dumpTable, stackDocuments } from "../../support/stack-documents.ts";

const stack = useStack();
const day = 86_400;
let operator: SignedInMember | undefined;

async function erase(id: string) {
  operator ??= await createFirstOperator(stack);
  const { accessToken: token } = await signIn(stack, operator);
  return stack.http.post(`/v1/operator/manufacturers/${id}/erase`, {
    body: { confirm: "Rohrwerk Keller GmbH" },
    token,
  });
}
const shred = () => stack.invoke("shredErasedManufacturers", {});

/** The platform's certificates of a manufacturer. */
async function certificatesOf(id: string) {
  const { accessToken: token } = await signIn(stack, operator as SignedInMember);
  const { body } = await stack.http.get("/v1/audit", { token });
  return body.items.filter(
    ({ action, subjectId }: Record<string, unknown>) =>
      action === "operator.manufacturer.erased" && subjectId === id,
  );
}

describe("an erasure whose time has come", () => {
  test("leaves neither keys nor members nor profile, keeps the audit trail, and answers a certificate with honest dates", async () => {
    const owner = await signUpWithFactor(stack);
    const editor = await inviteMember(stack, owner, "editor");
    const invited = await sendInvitation(stack, owner, "viewer");
    await stack.http.post("/v1/encryption/keys/rotate", { token: owner.accessToken });
    await erase(owner.manufacturerId);
    await stack.settled();
    stack.advanceClock(7 * day);
    expect(await shred()).toEqual({ waiting: 0, erased: 1 });

    const identity = await dumpTable(stack, "identity");
    expect(identity).not.toContain(`"pk":"MFR#${owner.manufacturerId}"`);
    for (const { email, memberId } of [owner, editor]) {
      expect(identity).not.toContain(`MEM#${memberId}`);
      const signIns = (JSON.parse(identity) as Record<string, unknown>[]).filter(
        (item) => item["sk"] === "LOGIN" && item["memberId"] === memberId,
      );
      expect(signIns).toEqual([]);
      const attempt = { email, password: owner.password };
      expect(await stack.http.post("/v1/auth/sign-in", { body: attempt })).toMatchObject(
        problemAnswer("invalid-credentials"),
      );
    }
    expect(identity).not.toContain(`MEMBER#${invited.memberId}`);
    const keys = (JSON.parse(await dumpTable(stack, "keys")) as Record<string, unknown>[]).filter(
      ({ pk, sk }) => pk === `MFR#${owner.manufacturerId}` && /^(ACTIVE|KEY#)/.test(String(sk)),
    );
    expect(keys).toHaveLength(4);
    expect(keys.filter((item) => "wrappedKey" in item || "salt" in item)).toEqual([]);
    expect(await dumpTable(stack, "audit")).toContain(owner.memberId);

    const certificates = await certificatesOf(owner.manufacturerId);
    expect(certificates).toHaveLength(1);
    const { details } = certificates[0];
    const at = (name: string): number => Date.parse(details[name]);
    expect(details.keyVersionsDestroyed).toBe(3);
    expect(at("cachesClearAt") - at("keysDestroyedAt")).toBe(30_000);
    expect(at("keyBackupsClearAt") - at("keysDestroyedAt")).toBe(day * 1000);
    expect(at("sealedDataGoneAt")).toBe(at("keyBackupsClearAt"));
    expect(at("memberBackupsClearAt") - at("membersErasedAt")).toBe(35 * day * 1000);
    expect(at("effectiveAt")).toBe(at("memberBackupsClearAt"));
  });

  test("is carried on where it was cut off, and certified once", async () => {
    const owner = await signUpWithFactor(stack);
    await erase(owner.manufacturerId);
    await stack.settled();
    stack.advanceClock(7 * day);
    stack.faults({ service: "dynamodb", mode: "error", operation: "DeleteItem" });
    await expect(shred()).rejects.toThrow();
    stack.faults({ service: "dynamodb", mode: "none" });
    expect(await certificatesOf(owner.manufacturerId)).toEqual([]);
    expect(await shred()).toEqual({ waiting: 0, erased: 1 });
    expect(await shred()).toEqual({ waiting: 0, erased: 0 });
    expect(await certificatesOf(owner.manufacturerId)).toHaveLength(1);
    expect(await erase(owner.manufacturerId)).toMatchObject(problemAnswer("not-found"));
  });
});

describe("an erasure whose time has not come", () => {
  test("destroys nothing, but suspends whoever became a member meanwhile", async () => {
    const owner = await signUpWithFactor(stack);
    await erase(owner.manufacturerId);
    await stack.settled();
    const late = { manufacturerId: owner.manufacturerId, memberId: "mem_late", status: "active" };
    const key = identityKeys.member(owner.manufacturerId, late.memberId);
    const TableName = stack.tableNames.identity;
    await stackDocuments(stack).send(new PutCommand({ TableName, Item: { ...key, ...late } }));
    stack.advanceClock(7 * day - 60);
    expect(await shred()).toMatchObject({ erased: 0 });
    const { Item } = await stackDocuments(stack).send(new GetCommand({ TableName, Key: key }));
    expect(Item).toMatchObject({ status: "suspended", statusBeforeErasure: "active" });
    expect(await dumpTable(stack, "identity")).toContain(`MFR#${owner.manufacturerId}`);
    stack.advanceClock(60);
    await shred();
  });
});

describe("an erased manufacturer that a restore brings back", () => {
  test.each([{ names: ["keys"] }, { names: ["keys", "identity"] }] as const)(
    "is locked out and erased again by the next run, once: $names",
    async ({ names }) => {
      const owner = await signUpWithFactor(stack);
      const isTheirs = ({ pk, memberId }: Record<string, unknown>): boolean =>
        [`MFR#${owner.manufacturerId}`, `MEM#${owner.memberId}`].includes(String(pk)) ||
        memberId === owner.memberId;
      const backups = await Promise.all(
        names.map(async (name) => {
          const TableName = stack.tableNames[name];
          const { Items = [] } = await stackDocuments(stack).send(new ScanCommand({ TableName }));
          return { TableName, items: Items.filter(isTheirs) };
        }),
      );
      await erase(owner.manufacturerId);
      await stack.settled();
      stack.advanceClock(7 * day);
      expect(await shred()).toMatchObject({ erased: 1 });

      for (const { TableName, items } of backups) {
        expect(items.length).toBeGreaterThan(2);
        for (const Item of items) {
          await stackDocuments(stack).send(new PutCommand({ TableName, Item }));
        }
      }
      stack.advanceClock(60);
      await expect(signIn(stack, owner)).rejects.toThrow();
      expect(await shred()).toEqual({ waiting: 0, erased: 1 });
      expect(await shred()).toEqual({ waiting: 0, erased: 0 });

      const keys = (JSON.parse(await dumpTable(stack, "keys")) as Record<string, unknown>[]).filter(
        ({ pk }) => pk === `MFR#${owner.manufacturerId}`,
      );
      expect(keys.filter((item) => "wrappedKey" in item || "salt" in item)).toEqual([]);
      const identity = await dumpTable(stack, "identity");
      expect(identity).not.toContain(`MEM#${owner.memberId}`);
      expect(identity).not.toContain(`"pk":"MFR#${owner.manufacturerId}"`);
      expect(await certificatesOf(owner.manufacturerId)).toHaveLength(2);
    },
  );
});
