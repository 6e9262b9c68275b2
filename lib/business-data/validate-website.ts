import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import { isAddress, readHostName } from "./host-name.ts";

/** What a URL never holds as it is written (WHATWG URL code points; RFC 3986 has even fewer). */
const neverInUrl = /[\s\p{Cc}\\<>"`{}|^]/u;

/** A scheme with its colon; not the port after a bare host name. */
const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i;

/**
 * The address of a website (WHATWG URL): http or https, a public host name, no credentials. Without a
 * scheme https is assumed. A host that may imitate another one and plain http are hints, no refusal.
 */
export function validateWebsite(value: string): FieldVerdict {
  const text = value.trim();
  if (neverInUrl.test(text)) return refuse("invalid-characters");
  const [, named] = scheme.exec(text) ?? [];
  const withScheme = named === undefined ? `https://${text}` : text;
  if (!/^https?:\/\//i.test(withScheme) || !URL.canParse(withScheme))
    return refuse("invalid-format");
  const url = new URL(withScheme);
  if (url.username !== "" || url.password !== "") {
    // Without a scheme it is somebody's e-mail address.
    return refuse(named === undefined ? "invalid-format" : "credentials-in-url");
  }
  const host = readHostName(url.hostname);
  if (!host) return refuse(isAddress(url.hostname) ? "not-public" : "invalid-format");
  if (!host.isPublic) return refuse("not-public");
  if (host.isLookalike) return accept(url.href, "format", { code: "lookalike" });
  if (host.isReserved) return accept(url.href, "format", { code: "reserved-domain" });
  return accept(url.href, "format", url.protocol === "http:" ? { code: "insecure-scheme" } : {});
}
