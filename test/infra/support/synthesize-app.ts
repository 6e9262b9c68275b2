import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Runs the app as the CDK command line does, in an environment that has neither credentials nor a
 * region, and without copying the bundles.
 *
 * @param context values that override those of `cdk.json`.
 * @throws Error with the app's messages when a check fails.
 */
export async function synthesizeApp(
  outputDirectory: string,
  context: Record<string, string> = {},
): Promise<void> {
  const { context: defaults } = JSON.parse(await readFile(`${root}/cdk.json`, "utf8")) as {
    context: Record<string, unknown>;
  };
  await promisify(execFile)(process.execPath, ["infra/app.ts"], {
    cwd: root,
    env: {
      CDK_OUTDIR: outputDirectory,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...defaults,
        ...context,
        "aws:cdk:disable-asset-staging": true,
        "aws:cdk:enable-path-metadata": true,
      }),
    },
  });
}
