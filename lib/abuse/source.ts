import { isIPv4, isIPv6 } from "node:net";

export interface Source {
  network: string;
  /** How many times as much as a single line it may spend. */
  width: number;
}

/**
 * The networks that a request comes from, as budgets count it, the narrowest first: an IPv4 address; of
 * an IPv6 address the /64, which one line has (RFC 6177), and the /48 around it, so that whoever has many
 * lines has no more for that. An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) is the IPv4 address
 * in it. Whatever is no address shares one budget.
 */
export function sourcesOf(address: string): readonly [Source, ...Source[]] {
  const [bare = ""] = address.split("%");
  if (isIPv4(bare)) return [{ network: bare, width: 1 }];
  if (!isIPv6(bare)) return [{ network: "unknown", width: 1 }];
  const groups = groupsOf(bare);
  if (isMapped(groups)) return [{ network: toIPv4(groups), width: 1 }];
  return [
    { network: `${groups.slice(0, 4).join(":")}::/64`, width: 1 },
    { network: `${groups.slice(0, 3).join(":")}::/48`, width: 16 },
  ];
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
