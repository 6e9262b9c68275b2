import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { DataKeyCacheLimits } from "../../../lib/encryption/data-key-cache.ts";
import { DataKeyCache } from "../../../lib/encryption/data-key-cache.ts";
import type { ManufacturerKey } from "../../../lib/encryption/seal-record.ts";
import { Problem } from "../../../lib/problem.ts";
import { fixedKey } from "./fixed-key.ts";
import { problemCodeOf } from "./problem-code.ts";

const limits: DataKeyCacheLimits = {
  entriesMax: 2,
  lifetimeMs: 1000,
  usesMax: 3,
  bytesMax: 100,
  refusalMs: 50,
};

function createCache(random = 1) {
  let nowMs = 0;
  let loads = 0;
  const cache = new DataKeyCache({ now: () => nowMs, random: () => random, limits });
  const load = async (): Promise<ManufacturerKey> => {
    loads += 1;
    return fixedKey();
  };
  return {
    cache,
    get: (name: string, bytes = 1, loader = load) => cache.get(name, bytes, loader),
    advance: (ms: number) => {
      nowMs += ms;
    },
    loads: () => loads,
    load,
  };
}

describe("data-key cache", () => {
  it("loads a key once, however many ask for it at the same time", async () => {
    const { get, loads } = createCache();
    const keys = await Promise.all(Array.from({ length: 50 }, () => get("a", 0)));
    expect(loads()).toBe(1);
    expect(new Set(keys).size).toBe(1);
  });

  it("keeps a key for its lifetime at most, spread over the last tenth of it", async () => {
    for (const [random, lifetime] of [
      [1, 1000],
      [0, 900],
    ] as const) {
      const { advance, get, loads } = createCache(random);
      await get("a");
      advance(lifetime - 1);
      await get("a");
      expect(loads()).toBe(1);
      advance(1);
      await get("a");
      expect(loads()).toBe(2);
    }
  });

  it("counts a lifetime from when the load began, not from when it ended", async () => {
    const { advance, get, load, loads } = createCache();
    await get("a", 1, async () => {
      advance(999);
      return load();
    });
    advance(1);
    await get("a");
    expect(loads()).toBe(2);
  });

  it("loads a key again after its number of uses", async () => {
    const { get, loads } = createCache();
    for (let use = 0; use < 3; use += 1) await get("a", 0);
    expect(loads()).toBe(1);
    await get("a", 0);
    expect(loads()).toBe(2);
  });

  it("charges every one of many concurrent users", async () => {
    const { get, loads } = createCache();
    await Promise.all([get("a"), get("a"), get("a")]);
    await get("a");
    expect(loads()).toBe(2);
  });

  it("loads a key again before it exceeds its bytes, and still serves one larger request", async () => {
    const { get, loads } = createCache();
    await get("a", 60);
    await get("a", 40);
    expect(loads()).toBe(1);
    await get("a", 1);
    expect(loads()).toBe(2);
    await get("b", 1000);
    expect(loads()).toBe(3);
  });

  it("gives up the least recently used key first", async () => {
    const { get, loads } = createCache();
    await get("a");
    await get("b");
    await get("a");
    await get("c");
    expect(loads()).toBe(3);
    await get("a");
    expect(loads()).toBe(3);
    await get("b");
    expect(loads()).toBe(4);
  });

  it("repeats a refusal for a while without asking again, then asks", async () => {
    const { advance, get, loads } = createCache();
    let asked = 0;
    const deny = async (): Promise<ManufacturerKey> => {
      asked += 1;
      throw new Problem("kms-denied");
    };
    expect(await problemCodeOf(get("a", 1, deny))).toBe("kms-denied");
    advance(49);
    expect(await problemCodeOf(get("a", 1, deny))).toBe("kms-denied");
    expect(asked).toBe(1);
    advance(1);
    expect(await problemCodeOf(get("a"))).toBe("none");
    expect(loads()).toBe(1);
  });

  it("asks at once again after a fault that may have passed", async () => {
    const { get } = createCache();
    let asked = 0;
    for (const code of ["kms-throttled", "kms-unavailable"] as const) {
      const fail = async (): Promise<ManufacturerKey> => {
        asked += 1;
        throw new Problem(code);
      };
      expect(await problemCodeOf(get("a", 1, fail))).toBe(code);
      expect(await problemCodeOf(get("a", 1, fail))).toBe(code);
    }
    expect(asked).toBe(4);
    expect(await problemCodeOf(get("a"))).toBe("none");
  });

  it("drops the keys and refusals of one prefix, except those of another", async () => {
    const { cache, get, loads } = createCache();
    await get("m/1/a");
    await get("m/2/a");
    cache.dropExcept("m/", "m/2/");
    await get("m/2/a");
    expect(loads()).toBe(2);
    await get("m/1/a");
    expect(loads()).toBe(3);
  });
});

describe("an unwrapped key that nobody asks for any more", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as (options: {
    execution: "async";
  }) => Promise<void>;

  const isInMemory = async (key: WeakRef<ManufacturerKey>): Promise<boolean> => {
    await collectGarbage({ execution: "async" });
    return key.deref() !== undefined;
  };
  const freshKey = () => ({ ...fixedKey() });

  /** Cached as `name`, and held by nobody else. */
  const cacheKey = async (cache: DataKeyCache, name: string) =>
    new WeakRef(await cache.get(name, 1, async () => freshKey()));

  afterEach(() => {
    vi.useRealTimers();
  });

  it("is out of memory after five minutes by itself, while the process runs", async () => {
    vi.useFakeTimers();
    const cache = new DataKeyCache({ now: Date.now, random: () => 1 });
    const key = await cacheKey(cache, "mfr_idle");
    vi.advanceTimersByTime(299_999);
    expect(await isInMemory(key)).toBe(true);
    vi.advanceTimersByTime(1);
    expect(await isInMemory(key)).toBe(false);
  });

  it("is out of memory at the next use of any key, after a freeze in which no timer ran", async () => {
    let nowMs = 0;
    const cache = new DataKeyCache({ now: () => nowMs, random: () => 1 });
    const idle = await cacheKey(cache, "mfr_idle");
    nowMs += 60_000;
    const busy = await cacheKey(cache, "mfr_busy");
    nowMs += 240_000;
    await cache.get("mfr_busy", 1, async () => freshKey());
    expect([await isInMemory(idle), await isInMemory(busy)]).toEqual([false, true]);
  });

  it("keeps no process alive", async () => {
    const setTimer = vi.spyOn(globalThis, "setTimeout");
    const cache = new DataKeyCache({ now: () => 0 });
    await cacheKey(cache, "mfr_idle");
    expect(setTimer.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
    setTimer.mockRestore();
  });

  it("is not kept when its load ends after the keys of its manufacturer were dropped", async () => {
    const cache = new DataKeyCache({ now: () => 0 });
    const loadLate = async () => {
      const loaded = Promise.withResolvers<ManufacturerKey>();
      const late = cache.get("mfr/1/key", 1, () => loaded.promise);
      cache.dropExcept("mfr/", "mfr/2/");
      loaded.resolve(freshKey());
      return new WeakRef(await late);
    };
    expect(await isInMemory(await loadLate())).toBe(false);
  });
});
