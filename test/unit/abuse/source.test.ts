import { describe, expect, test } from "vitest";
import { sourceOf } from "../../../lib/abuse/source.ts";

describe("a source is", () => {
  test.each([
    ["an IPv4 address", "203.0.113.7", "203.0.113.7"],
    ["the IPv4 address in a mapped one", "::ffff:203.0.113.7", "203.0.113.7"],
    ["the same in hexadecimal", "::FFFF:cb00:7107", "203.0.113.7"],
    ["the same written out", "0:0:0:0:0:ffff:cb00:7107", "203.0.113.7"],
    ["the /64 of an IPv6 address", "2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"],
    ["the /64 however it is written", "2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
    ["the /64 of a short one", "2001:db8::1", "2001:db8:0:0::/64"],
    ["the /64 of one with a zone", "fe80::1%eth0", "fe80:0:0:0::/64"],
    ["one for all of loopback", "::1", "0:0:0:0::/64"],
    ["one for whatever is no address", "203.0.113.7, 198.51.100.1", "unknown"],
    ["one for nothing", "", "unknown"],
  ])("%s", (_, address, source) => {
    expect(sourceOf(address)).toBe(source);
  });

  test("another for the next /64", () => {
    expect(sourceOf("2001:db8:1:3::1")).not.toBe(sourceOf("2001:db8:1:2::1"));
  });
});
