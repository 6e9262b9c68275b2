import { describe, expect, it } from "vitest";
import { createRandomPool } from "../../../lib/encryption/random-pool.ts";

describe("random pool", () => {
  it("never hands out a byte twice and never changes what it handed out", () => {
    const random = createRandomPool();
    const drawn = Array.from({ length: 1000 }, () => random(32));
    const copies = drawn.map((bytes) => Buffer.from(bytes).toString("hex"));
    for (let index = 0; index < 1000; index += 1) random(12);
    expect(drawn.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual(copies);
    expect(new Set(copies).size).toBe(1000);
    const ranges = drawn.map((bytes) => ({ buffer: bytes.buffer, from: bytes.byteOffset }));
    for (const [index, { buffer, from }] of ranges.entries()) {
      const next = ranges[index + 1];
      if (next?.buffer === buffer) expect(next.from).toBe(from + 32);
    }
  });

  it("gives the length asked for, also beyond one block", () => {
    const random = createRandomPool();
    for (const length of [0, 1, 4095, 4096, 4097, 10_000]) {
      expect(random(length)).toHaveLength(length);
    }
  });
});
