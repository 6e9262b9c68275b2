import { serveAwsJson } from "../aws-json-server.ts";
import type { Listener } from "../listen.ts";
import { accessOperations } from "./access-operations.ts";
import { dataOperations } from "./data-operations.ts";
import { keyOperations } from "./key-operations.ts";
import { openKeyRing } from "./key-ring.ts";

/**
 * A local stand-in for AWS KMS: the real wire protocol and real cryptography, keys in memory or in a
 * file of this machine. It protects nothing that its file's reader could not decrypt.
 *
 * @param path of the key file; absent for memory only
 */
export function startKms(now: () => number, path?: string): Promise<Listener> {
  const keyRing = openKeyRing(now, path);
  return serveAwsJson({
    ...keyOperations(keyRing, now),
    ...accessOperations(keyRing),
    ...dataOperations(keyRing),
  });
}
