import { expect, test } from "vitest";
import { issueDeviceNonce, readDeviceNonce } from "../../../lib/devices/device-nonce.ts";

const nowMs = Date.UTC(2026, 10, 24, 12);
const key = Buffer.alloc(32, 1);

test("a nonce is good for its member and for five minutes", () => {
  const { nonce, expiresAtMs } = issueDeviceNonce("mem_1", key, nowMs);
  expect(expiresAtMs).toBe(nowMs + 300_000);
  expect(readDeviceNonce(nonce, "mem_1", key, nowMs)).toMatchObject({ expiresAtMs });
  expect(readDeviceNonce(nonce, "mem_1", key, expiresAtMs - 1)).toBeDefined();
  expect(readDeviceNonce(nonce, "mem_1", key, expiresAtMs)).toBeUndefined();
  expect(readDeviceNonce(nonce, "mem_2", key, nowMs)).toBeUndefined();
  expect(readDeviceNonce(nonce, "mem_1", Buffer.alloc(32, 2), nowMs)).toBeUndefined();
});

test("a nonce whose expiry was moved is refused", () => {
  const { nonce } = issueDeviceNonce("mem_1", key, nowMs);
  const [id, , mac] = nonce.split(".");
  expect(readDeviceNonce(`${id}.${nowMs + 9e9}.${mac}`, "mem_1", key, nowMs)).toBeUndefined();
  expect(readDeviceNonce("", "mem_1", key, nowMs)).toBeUndefined();
});

test("no two are alike", () => {
  const nonces = Array.from({ length: 100 }, () => issueDeviceNonce("mem_1", key, nowMs).nonce);
  expect(new Set(nonces).size).toBe(100);
});
