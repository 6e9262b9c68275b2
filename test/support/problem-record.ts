import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Names the folder in which the workers of one run note what they saw. */
const variable = "PROBLEM_RECORD";

/** Begins a record before a project's tests; one per run, however many projects ask for it. */
export function setup(): void {
  process.env[variable] ??= mkdtempSync(join(tmpdir(), "problem-record-"));
}

export function teardown(): void {
  const directory = process.env[variable];
  if (directory) rmSync(directory, { recursive: true, force: true });
}

/** Notes a problem code that an API test was answered. */
export const recordProblem = (code: string): void => note("codes", code);

/** Notes an API test file that ran to its end. */
export const recordFile = (path: string): void => note("files", path);

/** What the run's API tests have noted so far. */
export const readProblemRecord = (): { codes: Set<string>; files: Set<string> } => ({
  codes: readNotes("codes"),
  files: readNotes("files"),
});

function note(kind: "codes" | "files", text: string): void {
  const directory = process.env[variable];
  if (directory) appendFileSync(join(directory, `${kind}-${process.pid}`), `${text}\n`);
}

function readNotes(kind: "codes" | "files"): Set<string> {
  const directory = process.env[variable];
  const names = directory ? readdirSync(directory).filter((name) => name.startsWith(kind)) : [];
  const lines = names.flatMap((name) =>
    readFileSync(join(directory ?? "", name), "utf8").split("\n"),
  );
  return new Set(lines.filter((line) => line !== ""));
}
