import { Reply } from "../http/request.ts";

type Contract = { openapi: string } & Record<string, unknown>;

/** The contract that is deployed, as printed from the route rows. */
export async function readContract(
  _request: unknown,
  { contract }: { contract: Contract },
): Promise<Reply<Contract>> {
  return new Reply(contract, { "cache-control": "public, max-age=300" });
}
