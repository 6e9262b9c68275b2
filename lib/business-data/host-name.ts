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
 * at least two labels, the last one no number.
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
  if (/^\d+$/.test(labels.at(-1) ?? "")) return undefined;
  return {
    ascii,
    isPublic: labels.length > 1 && !privateSuffix.test(ascii),
    isReserved: reservedSuffix.test(ascii),
    isLookalike: imitates(domainToUnicode(ascii), true),
  };
}
