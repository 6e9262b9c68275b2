import { expect, test } from "vitest";
import { issueDeviceNonce, readDeviceNonce } from "../../../lib/devices/device-nonce.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";

const nowMs = Date.UTC(2026, 10, 24, 12);
const key = secretOf(1);
const read = (nonce: string, memberId = "mem_1", atMs = nowMs, secrets = secretsOf(key)) =>
  readDeviceNonce(nonce, memberId, secrets, atMs);

test("a nonce is good for its member and for five minutes", async () => {
  const { nonce, expiresAtMs } = issueDeviceNonce("mem_1", key, nowMs);
  expect(expiresAtMs).toBe(nowMs + 300_000);
  expect(await read(nonce)).toMatchObject({ expiresAtMs });
  expect(await read(nonce, "mem_1", expiresAtMs - 1)).toBeDefined();
  expect(await read(nonce, "mem_1", expiresAtMs)).toBeUndefined();
  expect(await read(nonce, "mem_2")).toBeUndefined();
  expect(await read(nonce, "mem_1", nowMs, secretsOf(secretOf(1, 2)))).toBeUndefined();
});

test("a nonce is good while the version of its key is there, and with no other", async () => {
  const { nonce } = issueDeviceNonce("mem_1", key, nowMs);
  expect(await read(nonce, "mem_1", nowMs, secretsOf(key, secretOf(2)))).toBeDefined();
  expect(await read(nonce, "mem_1", nowMs, secretsOf(secretOf(2)))).toBeUndefined();
  const renamed = nonce.replace(/^1/, "2");
  expect(await read(renamed, "mem_1", nowMs, secretsOf(key, secretOf(2)))).toBeUndefined();
});

test("a nonce whose expiry was moved is refused", async () => {
  const { nonce } = issueDeviceNonce("mem_1", key, nowMs);
  const [version, id, , mac] = nonce.split(".");
  expect(await read(`${version}.${id}.${nowMs + 9e9}.${mac}`)).toBeUndefined();
  expect(await read("")).toBeUndefined();
});

test("no two are alike", () => {
  const nonces = Array.from({ length: 100 }, () => issueDeviceNonce("mem_1", key, nowMs).nonce);
  expect(new Set(nonces).size).toBe(100);
});
