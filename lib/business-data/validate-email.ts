import { disposableEmailBlocklist } from "disposable-email-domains-js";
import type { FieldVerdict } from "./field-verdict.ts";
import { accept, refuse } from "./field-verdict.ts";
import { readHostName } from "./host-name.ts";
import { imitates } from "./script-mixture.ts";

const disposableDomains: ReadonlySet<string> = new Set(disposableEmailBlocklist());

/** Mailboxes of a function rather than a person (RFC 2142 and common practice). */
const roleAccounts = new Set(
  (
    "abuse accounting accounts admin administrator billing careers contact customerservice ebilling enquiries " +
    "export finance hello help helpdesk hostmaster hr info inquiries invoice invoices it jobs legal mail marketing " +
    "noc noreply no-reply office orders postmaster privacy procurement purchasing quality root sales security " +
    "service shipping staff support sysadmin team web webmaster"
  ).split(" "),
);

/** RFC 5322 dot-atom, widened by RFC 6531 to letters and digits of every script. */
const dotAtom =
  /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** Throw-away services hand out subdomains too. */
function isDisposable(domain: string): boolean {
  const labels = domain.split(".");
  return labels.some((_, index) => disposableDomains.has(labels.slice(index).join(".")));
}

/**
 * A mailbox address: RFC 5321 lengths, dot-atom local part (no quoted strings, no comments, no address
 * literals), a public domain by UTS 46, not of a throw-away service. Nothing is looked up: whether
 * the mailbox exists only a letter to it can tell.
 */
export function validateEmail(value: string): FieldVerdict {
  const address = value.trim().normalize("NFC");
  const at = address.lastIndexOf("@");
  const local = address.slice(0, Math.max(at, 0)).toLowerCase();
  if (!dotAtom.test(local) || Buffer.byteLength(local) > 64) return refuse("invalid-format");
  const host = readHostName(address.slice(at + 1));
  if (!host) return refuse("invalid-format");
  if (!host.isPublic) return refuse("not-public");
  if (isDisposable(host.ascii)) return refuse("disposable-domain");
  const normalized = `${local}@${host.ascii}`;
  if (Buffer.byteLength(normalized) > 254) return refuse("too-long");
  if (host.isLookalike || imitates(local))
    return accept(normalized, "format", { code: "lookalike" });
  if (host.isReserved) return accept(normalized, "format", { code: "reserved-domain" });
  const isRole = roleAccounts.has(local.split("+", 1)[0] ?? "");
  return accept(normalized, "format", isRole ? { code: "role-account" } : {});
}
