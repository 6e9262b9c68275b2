import type { IncomingMessage } from "node:http";

/**
 * The whole body of a request or a response.
 *
 * @returns undefined once it is longer than `bytesMax`; the rest is then read and dropped
 */
export async function readBody(
  message: IncomingMessage,
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
  }
  return bytes <= bytesMax ? Buffer.concat(chunks) : undefined;
}
