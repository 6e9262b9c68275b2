import { describe, expect, it } from "vitest";
import { listKeyVersions } from "../../../lib/encryption/list-key-versions.ts";
import { reEncryptManufacturerData } from "../../../lib/encryption/re-encrypt-manufacturer-data.ts";
import { openField, sealField } from "../../../lib/encryption/seal-field.ts";
import {
  openData as decryptManufacturerData,
  sealData as encryptManufacturerData,
} from "../../support/json-data.ts";
import { useServices } from "../../support/services.ts";
import { problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene } from "./key-scene.ts";

const services = useServices();
const createScene = () => createKeyScene(services);
type Scene = ReturnType<typeof createScene>;

const states = async (scene: Scene) =>
  Object.fromEntries(
    (await listKeyVersions(scene, scene.manufacturerId)).map(({ keyId, state }) => [keyId, state]),
  );

describe("first use", () => {
  it("makes one key per purpose, once, however many environments start at the same time", async () => {
    const scene = createScene();
    const { manufacturerId } = scene;
    const environments = Array.from({ length: 8 }, () => scene.createEnvironment());
    const envelopes = await Promise.all(
      environments.map((environment, data) =>
        encryptManufacturerData(environment, { manufacturerId, data }),
      ),
    );
    expect(await states(scene)).toEqual({
      "envelope#000001": "enabled",
      "record#000001": "enabled",
    });
    const environment = scene.createEnvironment();
    for (const [data, envelope] of envelopes.entries()) {
      expect(await decryptManufacturerData(environment, { manufacturerId, envelope })).toBe(data);
    }
  });

  it("keeps every manufacturer's data its own", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await encryptManufacturerData(environment, {
      manufacturerId,
      data: { secret: 1 },
    });
    const stranger = { manufacturerId: "mfr_second", envelope };
    expect(await problemCodeOf(decryptManufacturerData(environment, stranger))).toBe(
      "tenant-mismatch",
    );
    const relabelled = { ...stranger, envelope: { ...envelope, manufacturerId: "mfr_second" } };
    expect(await problemCodeOf(decryptManufacturerData(environment, relabelled))).toBe(
      "commitment-mismatch",
    );
  });
});

describe("fields of our own items", () => {
  const placeOf = (manufacturerId: string) =>
    ({ manufacturerId, pk: "MEM#mem_1", sk: "FACTOR#fac_1", attribute: "secret" }) as const;

  it("open at the place they were sealed for and nowhere else", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const sealed = await sealField(environment, placeOf(manufacturerId), Buffer.from("12345"));
    expect((await openField(environment, placeOf(manufacturerId), sealed)).toString()).toBe(
      "12345",
    );
    for (const [name, other] of Object.entries({
      pk: "MEM#mem_2",
      sk: "FACTOR#fac_2",
      attribute: "label",
    })) {
      const elsewhere = { ...placeOf(manufacturerId), [name]: other };
      expect(await problemCodeOf(openField(environment, elsewhere, sealed))).toBe(
        "commitment-mismatch",
      );
      const context = { ...sealed.context, [name]: other };
      const moved = openField(environment, elsewhere, { ...sealed, context });
      expect(await problemCodeOf(moved)).toBe("commitment-mismatch");
    }
    const foreign = openField(environment, placeOf("mfr_second"), sealed);
    expect(await problemCodeOf(foreign)).toBe("tenant-mismatch");
  });

  it("never open through the operation that opens callers' envelopes", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await sealField(environment, placeOf(manufacturerId), Buffer.from("12345"));
    const { context } = envelope;
    const opened = decryptManufacturerData(environment, { manufacturerId, envelope, context });
    expect(await problemCodeOf(opened)).toBe("envelope-malformed");
  });
});

describe("the context of an envelope", () => {
  const context = { order: "17", customer: "c-4" };

  it("is demanded on opening, whole and unchanged, and what was sealed without any opens without", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const seal = (given?: Record<string, string>) =>
      encryptManufacturerData(environment, { manufacturerId, data: 1, context: given });
    const bound = await seal(context);
    const open = (envelope: unknown, given?: Record<string, string>) =>
      decryptManufacturerData(environment, { manufacturerId, envelope, context: given });
    expect(await open(bound, { customer: "c-4", order: "17" })).toBe(1);
    for (const other of [
      undefined,
      {},
      { order: "17" },
      { ...context, order: "18" },
      { ...context, more: "" },
      { order: "17c", ustomer: "-4" },
    ]) {
      expect(await problemCodeOf(open(bound, other))).toBe("commitment-mismatch");
    }
    expect(await problemCodeOf(open({ ...bound, context: {} }, {}))).toBe("commitment-mismatch");
    const unbound = await seal();
    expect(await open(unbound)).toBe(1);
    expect(await problemCodeOf(open(unbound, context))).toBe("commitment-mismatch");
  });

  it("is demanded for moving it to the newest key, and stays", async () => {
    const { createEnvironment, manufacturerId } = createScene();
    const environment = createEnvironment();
    const envelope = await encryptManufacturerData(environment, {
      manufacturerId,
      data: 1,
      context,
    });
    const move = (given?: Record<string, string>) =>
      reEncryptManufacturerData(environment, { manufacturerId, envelope, context: given });
    expect(await problemCodeOf(move())).toBe("commitment-mismatch");
    expect((await move(context)).context).toEqual(context);
  });
});
