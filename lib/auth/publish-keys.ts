import type { JWK } from "jose";
import { Reply } from "../http/request.ts";
import type { VerificationKeys } from "./key-ring.ts";

/** The key set, cacheable for less time than a new key is published ahead of its use. */
export async function publishKeys(
  _request: unknown,
  { keys }: { keys: VerificationKeys },
): Promise<Reply<{ keys: (JWK & { kid: string })[] }>> {
  const published = (await keys.publish()) as (JWK & { kid: string })[];
  return new Reply({ keys: published }, { "cache-control": "public, max-age=300" });
}
