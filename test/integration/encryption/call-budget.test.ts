import { describe, expect, it } from "vitest";
import {
  openData as decryptManufacturerData,
  sealData as encryptManufacturerData,
} from "../../support/json-data.ts";
import { useServices } from "../../support/services.ts";
import { createKeyScene } from "./key-scene.ts";

const services = useServices();
const nothing = { dynamodb: {}, kms: {} };

/** Calls made since the last look. */
function createCounter() {
  let before = services.calls();
  return () => {
    const after = services.calls();
    const made = Object.fromEntries(
      (["dynamodb", "kms"] as const).map((service) => [
        service,
        Object.fromEntries(
          Object.entries(after[service])
            .map(([name, count]) => [name, count - (before[service][name] ?? 0)] as const)
            .filter(([, count]) => count > 0),
        ),
      ]),
    );
    before = after;
    return made;
  };
}

describe("calls to DynamoDB and KMS", () => {
  it("are none while keys are cached, but for one read every 30 seconds; three reads and one unwrap when cold", async () => {
    const { clock, createEnvironment, manufacturerId } = createKeyScene(services);
    const first = createEnvironment();
    const envelope = await encryptManufacturerData(first, {
      manufacturerId,
      data: { some: "data" },
    });
    const made = createCounter();

    const cold = createEnvironment();
    await decryptManufacturerData(cold, { manufacturerId, envelope });
    expect(made()).toEqual({ dynamodb: { GetItem: 3 }, kms: { Decrypt: 1 } });

    for (let call = 0; call < 100; call += 1) {
      clock.nowMs += 299;
      const data = { call, filler: "x".repeat(1000) };
      const sealed = await encryptManufacturerData(cold, { manufacturerId, data });
      expect(await decryptManufacturerData(cold, { manufacturerId, envelope: sealed })).toEqual(
        data,
      );
    }
    expect(made()).toEqual(nothing);

    clock.nowMs += 30_000;
    await decryptManufacturerData(cold, { manufacturerId, envelope });
    expect(made()).toEqual({ dynamodb: { GetItem: 1 }, kms: {} });

    clock.nowMs += 5 * 60_000;
    await decryptManufacturerData(cold, { manufacturerId, envelope });
    expect(made()).toEqual({ dynamodb: { GetItem: 3 }, kms: { Decrypt: 1 } });
  });

  it("are not multiplied by concurrent misses", async () => {
    const { createEnvironment, manufacturerId } = createKeyScene(services);
    const envelope = await encryptManufacturerData(createEnvironment(), {
      manufacturerId,
      data: 1,
    });
    const made = createCounter();
    const cold = createEnvironment();
    await Promise.all(
      Array.from({ length: 40 }, () => decryptManufacturerData(cold, { manufacturerId, envelope })),
    );
    expect(made()).toEqual({ dynamodb: { GetItem: 3 }, kms: { Decrypt: 1 } });
  });
});
