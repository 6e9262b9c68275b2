import { describe, expect, it } from "vitest";
import type { PlatformKeyStore, SecretItem } from "../../../lib/auth/platform-key-store.ts";
import { platformSecrets } from "../../../lib/auth/platform-secrets.ts";
import type { WrappedKeys } from "../../../lib/aws/wrapped-keys.ts";

const startMs = Date.UTC(2026, 10, 24, 12);
const item = (version: number, activeFromMs = 0): SecretItem => ({
  purpose: "refresh",
  version,
  wrapped: Uint8Array.of(version),
  activeFromMs,
});

/** An environment, and the table behind it; the plaintext of a version is its number. */
function environmentOf(...stored: SecretItem[]) {
  const scene = { stored, reads: 0, unwraps: 0, nowMs: startMs };
  const store = {
    listSecrets: async () => {
      scene.reads++;
      return scene.stored;
    },
  } as unknown as PlatformKeyStore;
  const keys = {
    unwrap: async (wrapped: Uint8Array) => {
      scene.unwraps++;
      return wrapped;
    },
  } as unknown as WrappedKeys;
  return Object.assign(scene, { secret: platformSecrets(store, keys, () => scene.nowMs) });
}

describe("platform secrets", () => {
  it("are made with the newest version whose time has come, and open all that are there", async () => {
    const scene = environmentOf(item(1), item(2), item(3, startMs + 600_000));
    expect((await scene.secret("refresh")).version).toBe(2);
    expect(await scene.secret("refresh", 1)).toMatchObject({ version: 1 });
    expect(await scene.secret("refresh", 3)).toMatchObject({ version: 3 });
    scene.nowMs += 600_000;
    expect((await scene.secret("refresh")).version).toBe(3);
  });

  it("cost a read a minute and an unwrap in five, whatever is asked for", async () => {
    const scene = environmentOf(item(1));
    for (let second = 0; second < 300; second++) {
      await scene.secret("refresh");
      await scene.secret("refresh", 1);
      scene.nowMs += 1000;
    }
    expect([scene.reads, scene.unwraps]).toEqual([5, 1]);
  });

  it("include a version that was made after they were read", async () => {
    const scene = environmentOf(item(1));
    await scene.secret("refresh");
    scene.stored = [item(1), item(2)];
    expect(await scene.secret("refresh", 2)).toMatchObject({ version: 2 });
    expect(scene.reads).toBe(2);
  });

  it("lose a withdrawn version with the first sight of its successor, and after a minute anyhow", async () => {
    const [seen, unseen] = [environmentOf(item(1)), environmentOf(item(1))];
    for (const scene of [seen, unseen]) {
      await scene.secret("refresh", 1);
      scene.stored = [item(2)];
    }
    await seen.secret("refresh", 2);
    expect(await seen.secret("refresh", 1)).toBeUndefined();
    unseen.nowMs += 60_000;
    expect(await unseen.secret("refresh", 1)).toBeUndefined();
  });

  it("are read again for made-up versions once in five seconds, and never for a withdrawn one", async () => {
    const scene = environmentOf(item(2));
    await scene.secret("refresh");
    const guess = () =>
      Promise.all(Array.from({ length: 100 }, (_, index) => scene.secret("refresh", 10 + index)));
    await scene.secret("refresh", 1);
    expect(scene.reads).toBe(1);
    await guess();
    await guess();
    expect(scene.reads).toBe(2);
    scene.nowMs += 5000;
    await guess();
    expect(scene.reads).toBe(3);
  });

  it("that are not there yet are asked for again with the next request", async () => {
    const scene = environmentOf();
    await expect(scene.secret("refresh")).rejects.toMatchObject({ code: "keys-not-ready" });
    scene.stored = [item(1)];
    expect((await scene.secret("refresh")).version).toBe(1);
  });
});
