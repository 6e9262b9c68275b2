import { isIPv4, isIPv6 } from "node:net";

/**
 * The network that a request comes from, as budgets count it: an IPv4 address, or the /64 of an IPv6
 * address, since one subscriber line has all of a /64 (RFC 6177). An IPv4-mapped IPv6 address (RFC 4291
 * section 2.5.5.2) is the IPv4 address in it. Whatever is no address shares one budget.
 */
export function sourceOf(address: string): string {
  const [bare = ""] = address.split("%");
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return "unknown";
  const groups = groupsOf(bare);
  return isMapped(groups) ? toIPv4(groups) : `${groups.slice(0, 4).join(":")}::/64`;
}

/** The eight groups of an IPv6 address in lower case, without leading zeros. */
function groupsOf(address: string): string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical
    .split("::")
    .map((part) => (part === "" ? [] : part.split(":")));
  return [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
}

const isMapped = (groups: readonly string[]): boolean =>
  groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff";

const toIPv4 = (groups: readonly string[]): string =>
  groups
    .slice(6)
    .flatMap((group) => {
      const bits = Number.parseInt(group, 16);
      return [bits >> 8, bits & 255];
    })
    .join(".");
