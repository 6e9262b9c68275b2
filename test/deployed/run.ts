import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPythonPackage, Unavailable } from "../support/python-package.ts";
import { deploy } from "./stack/deploy.ts";
import { mendGaps } from "./stack/gaps.ts";
import { resolveLocalhost } from "./stack/resolve-localhost.ts";
import { smokeFiles } from "./stack/smoke.ts";
import type { MiniStack } from "./stack/start-ministack.ts";
import { startMiniStack } from "./stack/start-ministack.ts";
import { tapEvents } from "./stack/watch-messages.ts";

/** MiniStack makes key pairs and certificates with `cryptography`, but does not ask for it. */
const packages = ["ministack==1.5.33", "cryptography==50.0.2"] as const;
const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Deploys the app from the bundles in `dist/` on an emulated AWS and tests it there: with the whole API
 * suite, or with `--smoke` some files of each domain. Further arguments go to vitest.
 */
async function main(): Promise<number> {
  const command = await step("MiniStack installed", () =>
    installPythonPackage(join(root, ".cache"), packages),
  );
  const directory = mkdtempSync(join(tmpdir(), "manufacturer-security-deployed-"));
  let ministack: MiniStack | undefined;
  const cleanUp = async (): Promise<void> => {
    await ministack?.stop();
    rmSync(directory, { recursive: true, force: true });
    console.log("MiniStack stopped, its files removed");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  try {
    ministack = await step("MiniStack started", () => startMiniStack(command, directory));
    return await testOn(ministack.endpoint, directory);
  } finally {
    await cleanUp();
  }
}

async function testOn(endpoint: string, directory: string): Promise<number> {
  resolveLocalhost();
  const deployment = await step("all stacks deployed", () => deploy(endpoint, directory));
  console.log(`  left out, since the emulator refuses them: ${deployment.leftOut.join(", ")}`);
  const gaps = await step("known gaps of the emulator probed", () => mendGaps(deployment));
  for (const { what, state } of gaps) console.log(`  ${state.padEnd(6)}  ${what}`);
  await tapEvents(deployment);
  const deploymentFile = join(directory, "deployment.json");
  const resultsFile = join(directory, "results.json");
  writeFileSync(deploymentFile, JSON.stringify(deployment));
  const vitest = spawn(
    join(root, "node_modules/.bin/vitest"),
    [
      "run",
      "--project=deployed",
      "--no-file-parallelism",
      "--reporter=dot",
      "--reporter=json",
      `--outputFile.json=${resultsFile}`,
      ...process.argv.slice(2).flatMap((word) => (word === "--smoke" ? smokeFiles : [word])),
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, DEPLOYED_STACK: deploymentFile } },
  );
  const [status] = (await once(vitest, "exit")) as [number | null];
  // Nothing is written by a run that was ended from outside.
  if (existsSync(resultsFile)) printExcluded(resultsFile);
  return status ?? 1;
}

interface Results {
  testResults: { assertionResults: { status: string; meta?: { needs?: string } }[] }[];
}

/** Says how many tests did not run here, by what they need. */
function printExcluded(resultsFile: string): void {
  const { testResults }: Results = JSON.parse(readFileSync(resultsFile, "utf8"));
  const excluded = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "skipped" || status === "pending");
  console.log(`${excluded.length} tests excluded: they need what a deployment does not offer`);
  const byNeed = Map.groupBy(excluded, ({ meta }) => meta?.needs ?? "not said");
  for (const [need, tests] of byNeed) console.log(`  ${String(tests.length).padStart(4)}  ${need}`);
}

async function step<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
  const startMs = performance.now();
  const result = await run();
  console.log(`${what} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
  return result;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  console.log(`skipped: the deployment test ${error.message}`);
}
