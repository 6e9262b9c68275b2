/** A statement of an IAM or resource policy, its references already spelled out. */
export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action: string | readonly string[];
  Resource: string | readonly string[];
  Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A call as AWS sees it when it decides. */
export interface Call {
  action: string;
  resource: string;
  /** Condition keys of the request; one that is absent satisfies no condition. */
  context: Readonly<Record<string, string>>;
}

const understood = new Set(["Sid", "Effect", "Action", "Resource", "Condition"]);

/**
 * Decides as IAM does within one account: some statement allows the call, and none denies it.
 *
 * Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
 *
 * @throws Error on what it does not understand, so that nothing passes for denied that is not
 */
export function isAllowed(statements: readonly Statement[], call: Call): boolean {
  const effects = new Set(
    statements.filter((statement) => applies(statement, call)).map(({ Effect }) => Effect),
  );
  return effects.has("Allow") && !effects.has("Deny");
}

function applies(statement: Statement, { action, resource, context }: Call): boolean {
  const { Resource, Condition = {} } = statement;
  return (
    concerns(statement, action) &&
    list(Resource).some((pattern) => matches(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, list(values), context[key])),
    )
  );
}

/** Whether the statement says anything about the action, on whatever resource. */
export function concerns(statement: Statement, action: string): boolean {
  const strange = Object.keys(statement).find((element) => !understood.has(element));
  if (strange !== undefined) throw new Error(`cannot evaluate the policy element ${strange}`);
  const name = action.toLowerCase();
  return list(statement.Action).some((pattern) => matches(pattern.toLowerCase(), name));
}

function holds(operator: string, values: readonly string[], actual: string | undefined): boolean {
  if (actual === undefined) return false;
  switch (operator) {
    case "Bool":
    case "StringEquals":
      return values.includes(actual);
    case "ArnEquals":
    case "ArnLike":
    case "StringLike":
      return values.some((pattern) => matches(pattern, actual));
    default:
      throw new Error(`cannot evaluate the condition operator ${operator}`);
  }
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

/** `*` is any text and `?` any character. */
function matches(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}
