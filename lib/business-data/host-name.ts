import { isIP } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";
import { imitates } from "./script-mixture.ts";

/** Names that never belong to a public host (RFC 6761, RFC 6762, RFC 8375, ICANN `internal`). */
const privateSuffix =
  /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|corp|home|onion)$/;

/** Names set aside for examples and tests (RFC 2606, RFC 6761). */
const reservedSuffix = /(?:^|\.)(?:test|invalid|example|example\.(?:com|net|org))$/;

/** What is known of a host name. */
export interface HostName {
  /** Lower case, A-labels (`xn--`). */
  ascii: string;
  isPublic: boolean;
  isReserved: boolean;
  isLookalike: boolean;
}

/**
 * Reads a host name with the rules of UTS 46 and RFC 1035: labels of 1 to 63 characters, 253 in all,
 * the last one letters alone or an IDN (RFC 3696 section 2).
 *
 * @returns `undefined` where the text is no host name; an IP address is none
 */
export function readHostName(text: string): HostName | undefined {
  const ascii = domainToASCII(text.replace(/\.$/, "")).toLowerCase();
  if (ascii === "" || ascii.length > 253) return undefined;
  const labels = ascii.split(".");
  if (!labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) {
    return undefined;
  }
  if (!/^(?:[a-z]{2,}|xn--.+)$/.test(labels.at(-1) ?? "") && labels.length > 1) return undefined;
  const unicode = domainToUnicode(ascii);
  // Hyphens at an edge of what Punycode hides; what cannot be decoded comes back as it was.
  if (unicode.split(".").some((label) => /^-|-$|^xn--/.test(label))) return undefined;
  return {
    ascii,
    isPublic: labels.length > 1 && !privateSuffix.test(ascii),
    isReserved: reservedSuffix.test(ascii),
    isLookalike: imitates(unicode, true),
  };
}

/** Whether the host of a URL is an IP address, of version 6 in its brackets. */
export const isAddress = (host: string): boolean => isIP(host.replace(/^\[|\]$/g, "")) !== 0;
