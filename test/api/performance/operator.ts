import type { OperatorCredentials } from "../../../lib/operator/create-first-operator.ts";
import { signIn, takeCredentials } from "../../support/manufacturer.ts";
import type { StackUnderTest } from "../../support/stack.ts";

export interface Operator {
  /** A token that is valid now: the stack's clock may have moved. */
  token(): Promise<string>;
}

/** Makes the stack's first operator, the only one who may see performance. */
export async function createOperator(stack: StackUnderTest): Promise<Operator> {
  const email = "operator@platform.example";
  const made = await stack.invoke("createFirstOperator", { name: "Olga", email });
  const credentials = made as OperatorCredentials;
  takeCredentials(stack, credentials);
  return {
    async token() {
      return (await signIn(stack, credentials)).accessToken;
    },
  };
}
