import { DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import type { KeyIdentity } from "../../../lib/encryption/key-hierarchy.ts";
import { createKeyHierarchy } from "../../../lib/encryption/key-hierarchy.ts";
import { region } from "../../../local/aws-account.ts";
import { useServices } from "../../support/services.ts";
import { problemCode, problemCodeOf } from "../../unit/encryption/problem-code.ts";
import { createKeyScene, kmsClient } from "./key-scene.ts";

const services = useServices();

const identity: KeyIdentity = {
  manufacturerId: "mfr_first",
  keyId: "envelope#000001",
  purpose: "envelope",
  region,
};

describe("key hierarchy", () => {
  it("makes a new 256-bit key each time, which KMS alone can unwrap, always to the same bytes", async () => {
    const { hierarchy } = createKeyScene(services);
    const one = await hierarchy.generate(identity);
    const other = await hierarchy.generate(identity);
    const key = await hierarchy.unwrap(identity, one);
    expect(key).toHaveLength(32);
    expect(await hierarchy.unwrap(identity, one)).toEqual(key);
    expect(await hierarchy.unwrap(identity, other)).not.toEqual(key);
    expect(Buffer.from(one.wrappedKey).includes(Buffer.from(key))).toBe(false);
  });

  it.each([
    { manufacturerId: "mfr_second" },
    { keyId: "envelope#000002" },
    { purpose: "record" },
    { region: "us-east-1" },
  ] as const)("does not unwrap a key for an identity with %j", async (changed) => {
    const { hierarchy } = createKeyScene(services);
    const wrapped = await hierarchy.generate(identity);
    const unwrapped = hierarchy.unwrap({ ...identity, ...changed }, wrapped);
    expect(await problemCodeOf(unwrapped)).toBe("ciphertext-tampered");
  });

  it("does not unwrap for another application, with another KMS key, or after any one bit changed", async () => {
    const { hierarchy } = createKeyScene(services);
    const wrapped = await hierarchy.generate(identity);
    const kms = kmsClient(services);
    const kmsKeyArn = services.keyArns.manufacturer;
    const stranger = createKeyHierarchy({ kms, kmsKeyArn, application: "another", region });
    expect(await problemCodeOf(stranger.unwrap(identity, wrapped))).toBe("ciphertext-tampered");
    const otherKey = { ...wrapped, kmsKeyArn: services.keyArns.platform };
    expect(await problemCodeOf(hierarchy.unwrap(identity, otherKey))).toBe("ciphertext-tampered");
    const changed = Uint8Array.from(wrapped.wrappedKey);
    const last = changed.length - 1;
    changed[last] = (changed[last] ?? 0) ^ 1;
    const unwrapped = hierarchy.unwrap(identity, { ...wrapped, wrappedKey: changed });
    expect(await problemCodeOf(unwrapped)).toBe("ciphertext-tampered");
  });

  it("refuses KMS keys of another region before it calls KMS", async () => {
    const { hierarchy } = createKeyScene(services);
    const wrapped = await hierarchy.generate(identity);
    const kmsKeyArn = wrapped.kmsKeyArn.replace(region, "us-east-1");
    const kms = kmsClient(services);
    const create = () => createKeyHierarchy({ kms, kmsKeyArn, application: "test", region });
    expect(problemCode(create)).toBe("residency-violation");
    const unwrapped = hierarchy.unwrap(identity, { ...wrapped, kmsKeyArn });
    expect(await problemCodeOf(unwrapped)).toBe("residency-violation");
    expect(services.calls().kms["Decrypt"]).toBeUndefined();
  });

  it.each([
    ["throttle", "kms-throttled"],
    ["error", "kms-unavailable"],
  ] as const)("names what KMS answers when it must %s, after a retry: %s", async (mode, code) => {
    const { hierarchy } = createKeyScene(services);
    const wrapped = await hierarchy.generate(identity);
    services.faults({ service: "kms", mode });
    expect(await problemCodeOf(hierarchy.generate(identity))).toBe(code);
    expect(await problemCodeOf(hierarchy.unwrap(identity, wrapped))).toBe(code);
    services.faults({ service: "kms", mode, times: 1 });
    expect(await problemCodeOf(hierarchy.unwrap(identity, wrapped))).toBe("none");
  });
});

describe("a disabled KMS key", () => {
  it("denies, and unwraps again once it is enabled", async () => {
    const { hierarchy } = createKeyScene(services);
    const kms = kmsClient(services);
    const wrapped = await hierarchy.generate(identity);
    const KeyId = services.keyArns.manufacturer;
    await kms.send(new DisableKeyCommand({ KeyId }));
    try {
      expect(await problemCodeOf(hierarchy.unwrap(identity, wrapped))).toBe("kms-denied");
      expect(await problemCodeOf(hierarchy.generate(identity))).toBe("kms-denied");
    } finally {
      await kms.send(new EnableKeyCommand({ KeyId }));
    }
    expect(await problemCodeOf(hierarchy.unwrap(identity, wrapped))).toBe("none");
  });
});
