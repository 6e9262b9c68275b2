import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import { readHostName } from "./host-name.ts";

/**
 * The address of a website (WHATWG URL): http or https, a public host name, no credentials. Without a
 * scheme https is assumed. A host that may imitate another one and plain http are hints, no refusal.
 */
export function validateWebsite(value: string): FieldVerdict {
  const text = value.trim();
  if (/[\s\p{Cc}\\]/u.test(text)) return refuse("invalid-characters");
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) return refuse("invalid-format");
  const url = new URL(withScheme);
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse("invalid-format");
  if (url.username !== "" || url.password !== "") return refuse("credentials-in-url");
  const host = readHostName(url.hostname);
  if (!host?.isPublic) return refuse("not-public");
  if (host.isLookalike) return accept(url.href, "format", { code: "lookalike" });
  if (host.isReserved) return accept(url.href, "format", { code: "reserved-domain" });
  return accept(url.href, "format", url.protocol === "http:" ? { code: "insecure-scheme" } : {});
}
