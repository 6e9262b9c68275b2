import dns from "node:dns";

const resolve = dns.lookup;

/**
 * Makes this process find the API by its own host name, which is one below `localhost`: those are the
 * loopback interface's (RFC 6761, 6.3), but resolvers of the C library do not all know.
 */
export function resolveLocalhost(): void {
  const lookup = (name: string, ...rest: unknown[]): unknown =>
    Reflect.apply(resolve, dns, [name.endsWith(".localhost") ? "127.0.0.1" : name, ...rest]);
  Object.assign(dns, { lookup: Object.assign(lookup, resolve) });
}
