import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What this machine lacks for a test; a reason to skip it, told to the person. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/**
 * Installs Python packages into a virtual environment; done once for each set of pinned versions.
 *
 * @param packages pinned; the first is the one that is wanted, and named like its command
 * @returns the path of its command
 * @throws Unavailable without Python, or when the package index cannot be reached
 */
export async function installPythonPackage(
  cacheDirectory: string,
  packages: readonly [string, ...string[]],
): Promise<string> {
  const name = packages[0].split("==", 1)[0] ?? "";
  const directory = join(cacheDirectory, [`${name}-venv`, ...packages].join("-"));
  const command = join(directory, "bin", name);
  if (existsSync(command)) return command;
  await attempt("Python 3.10 or newer with its venv module", "python3", [
    "-c",
    "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))",
  ]);
  await attempt("a virtual environment", "python3", ["-m", "venv", "--clear", directory]);
  await attempt("the Python package index", join(directory, "bin", "pip"), [
    "install",
    "--quiet",
    // An index that is out of reach is found out in a minute or two.
    "--retries=1",
    "--timeout=30",
    "--disable-pip-version-check",
    ...packages,
  ]);
  return command;
}

async function attempt(need: string, command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, args);
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    const reason = stderr.trim().split("\n").at(-1) || String(error);
    throw new Unavailable(`needs ${need}: ${reason}`);
  }
}
