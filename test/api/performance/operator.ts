import type { OperatorCredentials } from "../../../lib/operator/create-first-operator.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { claimsOf, signIn, takeCredentials } from "../../support/manufacturer.ts";
import type { StackUnderTest } from "../../support/stack.ts";

export interface Operator {
  /** A token that is valid now: the stack's clock may have moved. */
  token(): Promise<string>;
}

/** Makes the stack's first operator, the only one who may see performance. */
export async function createOperator(stack: StackUnderTest): Promise<Operator> {
  const event = { name: "Olga", email: "operator@platform.example" };
  const credentials = (await stack.invoke("createFirstOperator", event)) as OperatorCredentials;
  takeCredentials(stack, credentials);
  let session: SignedInMember | undefined;
  const isOver = ({ accessToken }: SignedInMember): boolean =>
    Number(claimsOf(accessToken)["exp"]) * 1000 <= stack.now();
  return {
    async token() {
      if (!session || isOver(session)) session = await signIn(stack, credentials);
      return session.accessToken;
    },
  };
}
