import { describe, expect, test } from "vitest";
import { sourcesOf } from "../../../lib/abuse/source.ts";

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
    expect(sourcesOf(address)[0].network).toBe(source);
  });

  test("another for the next /64, within the same /48, which has 16 times as much", () => {
    const wide = { network: "2001:db8:1::/48", width: 16 };
    expect(sourcesOf("2001:db8:1:2::1")).toEqual([
      { network: "2001:db8:1:2::/64", width: 1 },
      wide,
    ]);
    expect(sourcesOf("2001:db8:1:3::1")).toEqual([
      { network: "2001:db8:1:3::/64", width: 1 },
      wide,
    ]);
  });
});
