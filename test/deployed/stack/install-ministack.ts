import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** MiniStack makes key pairs and certificates with `cryptography`, but does not ask for it. */
const packages = ["ministack==1.5.33", "cryptography==50.0.2"] as const;

/** What this machine lacks for a deployment; a reason to skip it, told to the person. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/**
 * Installs MiniStack, an emulator of AWS, into a Python virtual environment; done once for each
 * pinned version.
 *
 * @returns the path of its command
 * @throws Unavailable without Python, or when the package index cannot be reached
 */
export async function installMiniStack(cacheDirectory: string): Promise<string> {
  const directory = join(cacheDirectory, ["ministack-venv", ...packages].join("-"));
  const command = join(directory, "bin", "ministack");
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
