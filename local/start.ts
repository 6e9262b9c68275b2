import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startStack } from "./stack.ts";

const usage = "usage: npm start -- [--port N] [--memory] [--data DIR]";

/** Reads the flags, starts the stack and keeps it until it is interrupted. */
async function main(): Promise<void> {
  const { port, memory, data } = readFlags();
  const { DYNAMODB_ENDPOINT, KMS_ENDPOINT, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_KMS } =
    process.env;
  const dynamodb = DYNAMODB_ENDPOINT ?? AWS_ENDPOINT_URL_DYNAMODB;
  const kms = KMS_ENDPOINT ?? AWS_ENDPOINT_URL_KMS;
  const stack = await startStack({
    port,
    dataDirectory: memory ? undefined : resolve(data),
    external: { ...(dynamodb && { dynamodb }), ...(kms && { kms }) },
  });
  console.log(`ready on ${stack.url}, data ${memory ? "in memory" : `in ${data}`}`);
  const stop = () => void stack.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function readFlags(): { port: number; memory: boolean; data: string } {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      memory: { type: "boolean", default: false },
      data: { type: "string", default: ".local" },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port} is no port. ${usage}`);
  return { ...values, port };
}

try {
  await main();
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE")
    return `${error.message}: something else serves there, choose another with --port`;
  return error.message;
}
