import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installPythonPackage, Unavailable } from "../support/python-package.ts";
import { synthesizeApp } from "./support/synthesize-app.ts";

const cacheDirectory = fileURLToPath(new URL("../../.cache", import.meta.url));

/** The one that has everything first, and one that has things last. */
const regions = ["us-east-1", "eu-central-2"];

/** CDK names each function's role among its dependencies, though the reference says so already. */
const ignoredRules = ["W3005"];

/** Holds the templates of two regions against CloudFormation's own schemas; prints what it finds. */
async function main(): Promise<number> {
  const cfnLint = await installPythonPackage(cacheDirectory, ["cfn-lint==1.58.0"]);
  const directory = mkdtempSync(join(tmpdir(), "manufacturer-security-templates-"));
  try {
    await synthesizeApp(directory, { regions: regions.join(), account: "123456789012" });
    const findings = await Promise.all(regions.map((region) => lint(cfnLint, directory, region)));
    console.log(findings.join("") || `no findings in the templates of ${regions.join(" and ")}`);
    return findings.some(Boolean) ? 1 : 0;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What is wrong with the region's templates, a line each; nothing if all is well. */
async function lint(cfnLint: string, directory: string, region: string): Promise<string> {
  const templates = readdirSync(directory)
    .filter((file) => file.startsWith(region) && file.endsWith(".template.json"))
    .map((file) => join(directory, file));
  if (templates.length === 0) throw new Error(`no templates were synthesized for ${region}`);
  try {
    await promisify(execFile)(
      cfnLint,
      [
        "--format=parseable",
        "--ignore-checks",
        ...ignoredRules,
        "--regions",
        region,
        "--",
        ...templates,
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    return "";
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return stdout || stderr || String(error);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  console.log(`skipped: linting the templates ${error.message}`);
}
