import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TableName } from "../../../lib/aws/tables.ts";
import { tables } from "../../../lib/aws/tables.ts";
import { accountId, region } from "../../../local/aws-account.ts";
import { leaveOutRefused } from "./leave-out.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const cdk = join(root, "node_modules/.bin/cdk");

/** Given at deployment, so that the API takes calls from a browser. */
export const webOrigin = "https://app.manufacturer-security.example";

/** Generous: on a busy machine a deployment takes minutes, and a failing one would never end. */
const timeoutMs = 600_000;

/** What was deployed, as far as its tests need to know. */
export interface Deployment {
  /** Of the emulator, for all services. */
  endpoint: string;
  apiId: string;
  /** The API's base URL. */
  url: string;
  tableNames: Record<TableName, string>;
  eventBusName: string;
  functionLogGroupName: string;
  accessLogGroupName: string;
  /** Logical ids of what the emulator refuses and the templates here are without. */
  leftOut: string[];
}

/**
 * Synthesizes the app as it is and deploys all its stacks with the CDK's own command line, without the
 * few alarms that the emulator refuses.
 *
 * @param directory for the cloud assembly; nothing of it is kept
 * @throws Error with what the command printed
 */
export async function deploy(endpoint: string, directory: string): Promise<Deployment> {
  const outputsFile = join(directory, "outputs.json");
  await runCdk(endpoint, directory, ["bootstrap", `aws://${accountId}/${region}`]);
  const assembly = join(directory, "cdk.out");
  await runCdk(endpoint, root, [
    "synth",
    "--quiet",
    `--context=corsOrigins=${webOrigin}`,
    // All tests send from one address, and within an hour.
    "--context=sourceBudgetFactor=1000",
    "--context=mailsPerHour=100000",
    `--output=${assembly}`,
  ]);
  const leftOut = leaveOutRefused(assembly);
  await runCdk(endpoint, directory, [
    "deploy",
    "--all",
    "--require-approval=never",
    "--progress=events",
    `--app=${assembly}`,
    `--outputs-file=${outputsFile}`,
  ]);
  const stacks: Record<string, Record<string, string>> = JSON.parse(
    readFileSync(outputsFile, "utf8"),
  );
  return { ...readOutputs(endpoint, Object.assign({}, ...Object.values(stacks))), leftOut };
}

async function runCdk(endpoint: string, cwd: string, args: readonly string[]): Promise<void> {
  try {
    await run(cdk, [...args, "--no-notices", "--ci"], {
      cwd,
      timeout: timeoutMs,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        AWS_ENDPOINT_URL: endpoint,
        // In this emulator the access key is the account.
        AWS_ACCESS_KEY_ID: accountId,
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_REGION: region,
        AWS_EC2_METADATA_DISABLED: "true",
        CDK_DISABLE_CLI_TELEMETRY: "true",
      },
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`cdk ${args[0]} failed:\n${`${stdout}\n${stderr}`.slice(-4000)}`);
  }
}

/** Stacks export to each other under names that the CDK derives from the resources' own. */
function readOutputs(
  endpoint: string,
  outputs: Record<string, string>,
): Omit<Deployment, "leftOut"> {
  const reference = (resource: string): string => {
    const name = Object.keys(outputs).find((key) => key.startsWith(`ExportsOutputRef${resource}`));
    const value = name === undefined ? undefined : outputs[name];
    if (value === undefined) throw new Error(`no stack exports ${resource}`);
    return value;
  };
  const { ApiUrl: url } = outputs;
  if (url === undefined) throw new Error("no stack tells the API's URL");
  return {
    endpoint,
    apiId: reference("HttpApi"),
    url,
    tableNames: Object.fromEntries(
      Object.keys(tables).map((name) => [name, reference(`${name}table`)]),
    ) as Record<TableName, string>,
    eventBusName: reference("EventBus"),
    functionLogGroupName: reference("FunctionLogs"),
    accessLogGroupName: "/aws/vendedlogs/manufacturer-security/dev/access",
  };
}
