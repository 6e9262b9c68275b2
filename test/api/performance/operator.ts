import { signIn, takeCredentials } from "../../support/manufacturer.ts";
import type { StackUnderTest } from "../../support/stack.ts";

export interface Operator {
  /** A token that is valid now: the stack's clock may have moved. */
  token(): Promise<string>;
}

/** Makes the stack's first operator, the only one who may see performance. */
export async function createOperator(stack: StackUnderTest): Promise<Operator> {
  const email = "operator@platform.example";
  const { body } = await stack.http.post("/__local/operator", { body: { name: "Olga", email } });
  takeCredentials(stack, body);
  return {
    async token() {
      return (await signIn(stack, body)).accessToken;
    },
  };
}
