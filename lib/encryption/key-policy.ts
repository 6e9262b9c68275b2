import { principalKindOf } from "./principal-kind.ts";

/**
 * One statement of a key policy, by what matters to who can read data. The report goes to tenants:
 * it says what kinds of principals there are, not which account and role they are.
 */
export interface PolicyStatement {
  readonly effect: string;
  readonly principals: readonly string[];
  readonly actions: unknown;
  readonly conditions: readonly string[];
  /** Lets somebody in who is not known to be of the key's own account. */
  readonly isOpen: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a key policy by an allow list: whatever is not known to keep to the key's account is open.
 * @param accountId of the account that owns the key
 */
export function readKeyPolicy(policy: string, accountId: string): PolicyStatement[] {
  const { Statement = [] }: { Statement?: Fields | Fields[] } = JSON.parse(policy);
  return [Statement].flat().map((statement) => {
    const { Action, Effect, NotAction, NotPrincipal, Principal } = statement;
    const principals = NotPrincipal === undefined ? kindsOf(Principal, accountId) : ["all-but"];
    const conditions = conditionsOf(statement);
    const isOpen =
      Effect !== "Deny" &&
      !principals.every((kind) => isOwn(kind)) &&
      // Conditions are a conjunction: one that keeps to the account is enough for anybody in it.
      !(principals.every(isAnybodyOrOwn) && conditions.some((one) => isClosing(one, accountId)));
    return {
      effect: String(Effect),
      principals,
      actions: Action ?? { not: NotAction },
      conditions: conditions.map(({ key }) => key),
      isOpen,
    };
  });
}

const isOwn = (kind: string): boolean =>
  kind === "account" || kind === "role" || kind === "user" || kind === "assumed-role";

const isAnybodyOrOwn = (kind: string): boolean => kind === "anybody" || isOwn(kind);

/** The kinds of a statement's principals; anything but AWS principals is foreign to the account. */
function kindsOf(principal: unknown, accountId: string): string[] {
  if (principal === "*") return ["anybody"];
  if (typeof principal !== "object" || principal === null) return ["foreign"];
  return Object.entries(principal).flatMap(([type, names]) =>
    [names].flat().map((name) => {
      if (type === "Service") return String(name);
      return type === "AWS" ? principalKindOf(String(name), accountId) : "foreign";
    }),
  );
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

const conditionsOf = ({ Condition = {} }: Fields): Condition[] =>
  Object.entries(Condition as Fields).flatMap(([operator, keys]) =>
    Object.entries(keys as Fields).map(([key, values]) => ({
      operator,
      key,
      values: [values].flat(),
    })),
  );

/** Keys by which a condition names the account of whoever calls. */
const accountKeys: ReadonlySet<string> = new Set(["kms:calleraccount", "aws:principalaccount"]);

/** Only an exact comparison with the one account: `Like`, `Not` and `IfExists` let others through. */
const isClosing = ({ key, operator, values }: Condition, accountId: string): boolean =>
  operator === "StringEquals" &&
  accountKeys.has(key.toLowerCase()) &&
  values.length > 0 &&
  values.every((value) => value === accountId);
