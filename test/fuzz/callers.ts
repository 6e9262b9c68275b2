import type { Stack } from "../../local/stack.ts";
import { httpClient } from "../support/http-client.ts";
import { createFirstOperator, inviteMember, signUpWithFactor } from "../support/manufacturer.ts";

/** Makes somebody on a fresh stack; their access token, or nothing. */
type Caller = (stack: Stack) => Promise<string | undefined>;

/** Nobody's quota is used up half-way: the tier is the largest. */
async function signUpOwner(stack: Stack) {
  const operator = await createFirstOperator(stack);
  const owner = await signUpWithFactor(stack);
  const { status } = await httpClient(stack.url).put(
    `/v1/operator/manufacturers/${owner.manufacturerId}/tier`,
    { token: operator.accessToken, body: { tier: "enterprise" } },
  );
  if (status !== 200) throw new Error(`the tier was not changed: ${status}`);
  return owner;
}

/** As whom the contract is fuzzed. */
export const callers: Readonly<Record<string, Caller>> = {
  owner: async (stack) => (await signUpOwner(stack)).accessToken,
  viewer: async (stack) =>
    (await inviteMember(stack, await signUpOwner(stack), "viewer")).accessToken,
  operator: async (stack) => (await createFirstOperator(stack)).accessToken,
  nobody: async () => undefined,
  "bad token": async () => "eyJhbGciOiJub25lIn0.e30.",
};
