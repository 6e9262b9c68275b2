/** Who a statement or a grant is for, seen from the account that owns the key. */
export type PrincipalKind = "account" | "role" | "user" | "assumed-role" | "anybody" | "foreign";

const ownKinds: ReadonlySet<string> = new Set(["role", "user", "assumed-role"]);

/**
 * The kind of an AWS principal, as a key policy or a grant spells it. `foreign` is all that is not known
 * to be of the account: another account, a service, an identity provider, an id of somebody deleted.
 */
export function principalKindOf(principal: string, accountId: string): PrincipalKind {
  if (principal === "*") return "anybody";
  if (principal === accountId) return "account";
  const [arn, , service = "", , account, resource = ""] = principal.split(":");
  if (arn !== "arn" || !/^(iam|sts)$/.test(service) || account !== accountId) return "foreign";
  if (resource === "root") return "account";
  const [kind = ""] = resource.split("/");
  return ownKinds.has(kind) && !/[*?]/.test(principal) ? (kind as PrincipalKind) : "foreign";
}

/** The account of an ARN. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";
