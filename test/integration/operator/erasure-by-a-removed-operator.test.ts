import { describe, expect, it } from "vitest";
import type { Actor } from "../../../lib/access/actor-condition.ts";
import { transactAs } from "../../../lib/access/actor-condition.ts";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import { erasureStore } from "../../../lib/encryption/erasure-store.ts";
import { requestErasure } from "../../../lib/operator/request-erasure.ts";
import { withdrawErasure } from "../../../lib/operator/withdraw-erasure.ts";
import { callerOf, putMember } from "../../support/members.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene } from "../encryption/key-scene.ts";

const services = useServices();

/** A manufacturer with keys, and two operators: one at work, one removed since their request was let in. */
async function createScene() {
  const { documents, tableNames } = services;
  const { management, manufacturerId, store, table, now } = createKeyScene(services);
  await createManufacturerKeys(management, manufacturerId);
  const dependencies = {
    accounts: { readProfile: async () => ({ legalName: "Rohrwerk GmbH" }) as never },
    auditTable: tableNames.audit,
    erasureAs: (actor: Actor) =>
      erasureStore(documents, table, (statements) =>
        transactAs(documents, tableNames.identity, actor, statements),
      ),
    store,
    now,
  };
  const requestOf = async (status: "active" | "removed") => {
    const operator = await putMember(services, "platform", "operator", { status });
    return {
      body: { confirm: "Rohrwerk GmbH" },
      params: { id: manufacturerId },
      caller: callerOf(operator, "manufacturers:erase"),
      origin: { requestId: "request" },
    } as never;
  };
  return {
    request: async (status: "active" | "removed") =>
      requestErasure(await requestOf(status), dependencies),
    withdraw: async (status: "active" | "removed") =>
      withdrawErasure(await requestOf(status), dependencies),
    state: async () => (await store.readManufacturerKeys(manufacturerId))?.state,
  };
}

describe("an operator who was removed while the request was under way", () => {
  it("erases nothing", async () => {
    const { request, state } = await createScene();
    expect(await problemCodeOf(request("removed"))).toBe("invalid-token");
    expect(await state()).toBe("active");
    expect(await problemCodeOf(request("active"))).toBe("none");
    expect(await state()).toBe("erasure-pending");
  });

  it("calls no erasure off", async () => {
    const { request, withdraw, state } = await createScene();
    await request("active");
    expect(await problemCodeOf(withdraw("removed"))).toBe("invalid-token");
    expect(await state()).toBe("erasure-pending");
    expect(await problemCodeOf(withdraw("active"))).toBe("none");
    expect(await state()).toBe("active");
  });
});
