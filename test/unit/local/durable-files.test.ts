import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCheckpoints } from "../../../local/checkpoints.ts";
import { openJournal } from "../../../local/journal.ts";
import { writeFileAtomically } from "../../../local/write-file-atomically.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("a journal opened again has every item, in order", () => {
  const path = join(temporaryDirectory(), "journal.jsonl");
  const journal = openJournal<number>(path);
  for (const item of [1, 2, 3]) journal.append(item);
  expect(openJournal(path).items).toEqual([1, 2, 3]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a line that a crash cut short costs that line alone", () => {
  const path = join(temporaryDirectory(), "journal.jsonl");
  openJournal(path).append({ id: 1 });
  appendFileSync(path, '\n{"id":');
  openJournal(path).append({ id: 3 });
  expect(openJournal(path).items).toEqual([{ id: 1 }, { id: 3 }]);
});

test("checkpoints survive, and stay in memory without a path", () => {
  const path = join(temporaryDirectory(), "checkpoints.json");
  openCheckpoints(path).set("stream", "17");
  expect(openCheckpoints(path).get("stream")).toBe("17");
  openCheckpoints().set("stream", "18");
  expect(openCheckpoints().get("stream")).toBeUndefined();
});

test("a draft left by a crash neither harms the file nor the next write", () => {
  const path = join(temporaryDirectory(), "file");
  writeFileAtomically(path, "old");
  writeFileSync(`${path}.draft`, "half of a much longer dra");
  expect(readFileSync(path, "utf8")).toBe("old");
  writeFileAtomically(path, "new");
  expect(readFileSync(path, "utf8")).toBe("new");
});
