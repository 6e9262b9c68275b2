import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

/**
 * Replaces a file so that a crash at any moment leaves the old or the new content, never a mixture:
 * write beside it, flush to disk, rename over it. Readable and writable by the owner alone.
 */
export function writeFileAtomically(path: string, content: string): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
