import { describe, expect, it } from "vitest";
import { issueRefreshToken, readRefreshToken } from "../../../lib/auth/refresh-token.ts";

const key = Buffer.alloc(32, 1);
const position = { memberId: "mem_1", sessionId: "ses_1", counter: 3 };

describe("a refresh token", () => {
  it("tells its position to whoever holds the key", () => {
    expect(readRefreshToken(issueRefreshToken(position, key), key)).toEqual(position);
  });

  it("is the same for the same position, so that racing clients get the same successor", () => {
    expect(issueRefreshToken(position, key)).toBe(issueRefreshToken(position, key));
  });

  it.each([
    ["another counter", "mem_1.ses_1.4"],
    ["another session", "mem_1.ses_2.3"],
    ["another member", "mem_2.ses_1.3"],
    ["a moved boundary", "mem_1.ses_1.3."],
  ])("with %s is refused", (_, head) => {
    const mac = issueRefreshToken(position, key).split(".")[3];
    expect(readRefreshToken(`${head}.${mac}`, key)).toBeUndefined();
  });

  it.each(["", "a", "...", "a.b.c.d", "mem_1.ses_1.3"])("that is %j is refused", (token) => {
    expect(readRefreshToken(token, key)).toBeUndefined();
  });

  it("of another key is refused", () => {
    expect(readRefreshToken(issueRefreshToken(position, Buffer.alloc(32, 2)), key)).toBeUndefined();
  });
});
