import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startStack } from "./stack.ts";

const usage = "usage: npm start -- [--port N] [--memory] [--data DIR] [--source-budget-factor N]";

/** Reads the flags, starts the stack and keeps it until it is interrupted. */
async function main(): Promise<void> {
  const { port, memory, data, sourceBudgetFactor } = readFlags();
  const { DYNAMODB_ENDPOINT, KMS_ENDPOINT, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_KMS } =
    process.env;
  const dynamodb = DYNAMODB_ENDPOINT ?? AWS_ENDPOINT_URL_DYNAMODB;
  const kms = KMS_ENDPOINT ?? AWS_ENDPOINT_URL_KMS;
  const stack = await startStack({
    port,
    dataDirectory: memory ? undefined : resolve(data),
    sourceBudgetFactor,
    external: { ...(dynamodb && { dynamodb }), ...(kms && { kms }) },
  });
  console.log(`ready on ${stack.url}, data ${memory ? "in memory" : `in ${data}`}`);
  const stop = () => void stack.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

interface Flags {
  port: number;
  memory: boolean;
  data: string;
  /** Multiplies what one address may spend, as the deployed setting of that name does. */
  sourceBudgetFactor: number;
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      memory: { type: "boolean", default: false },
      data: { type: "string", default: ".local" },
      "source-budget-factor": { type: "string", default: "1" },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port} is no port. ${usage}`);
  const sourceBudgetFactor = Number(values["source-budget-factor"]);
  if (!Number.isInteger(sourceBudgetFactor) || sourceBudgetFactor < 1)
    throw new Error(`--source-budget-factor is a whole number of at least 1. ${usage}`);
  return { port, memory: values.memory, data: values.data, sourceBudgetFactor };
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
