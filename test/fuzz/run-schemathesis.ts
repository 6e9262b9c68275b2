import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface FuzzOptions {
  url: string;
  token: string | undefined;
  /** The same seed makes the same requests. */
  seed: number;
  /** Requests per operation in the random phase. */
  examples: number;
  /** Of the operations that are fuzzed, or that are not. */
  operations: { include?: readonly string[]; exclude?: readonly string[] };
  /** For reports and the like. */
  directory: string;
}

const contract = fileURLToPath(new URL("../../docs/openapi.json", import.meta.url));
const configuration = fileURLToPath(new URL("schemathesis.toml", import.meta.url));

/**
 * Sends what the contract allows and what it forbids, and holds every answer to it.
 *
 * @returns the exit status, and what was printed
 */
export async function runSchemathesis(
  command: string,
  { url, token, seed, examples, operations, directory }: FuzzOptions,
): Promise<{ status: number; output: string }> {
  const { include = [], exclude = [] } = operations;
  const schemathesis = spawn(
    command,
    [
      "--config-file",
      configuration,
      "run",
      contract,
      `--url=${url}`,
      `--seed=${seed}`,
      `--max-examples=${examples}`,
      "--no-color",
      "--continue-on-failure",
      "--warnings=off",
      "--generation-database=none",
      ...include.map((operationId) => `--include-operation-id=${operationId}`),
      ...exclude.map((operationId) => `--exclude-operation-id=${operationId}`),
      ...(token === undefined ? [] : [`--header=Authorization: Bearer ${token}`]),
    ],
    { cwd: directory, stdio: ["ignore", "pipe", "pipe"] },
  );
  const chunks: Buffer[] = [];
  for (const stream of [schemathesis.stdout, schemathesis.stderr])
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [status] = (await once(schemathesis, "close")) as [number | null];
  return { status: status ?? 1, output: Buffer.concat(chunks).toString() };
}
