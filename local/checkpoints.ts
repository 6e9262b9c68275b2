import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** How far each follower has come, so that a restart resumes there: at least once, never a gap. */
export interface Checkpoints {
  get: (follower: string) => string | undefined;
  set: (follower: string, position: string) => void;
}

/** @param path of the file; absent for memory only */
export function openCheckpoints(path?: string): Checkpoints {
  const stored = path && existsSync(path) ? readFileSync(path, "utf8") : "{}";
  const positions = new Map(Object.entries(JSON.parse(stored) as Record<string, string>));
  return {
    get: (follower) => positions.get(follower),
    set: (follower, position) => {
      positions.set(follower, position);
      if (path) writeFileAtomically(path, JSON.stringify(Object.fromEntries(positions)));
    },
  };
}
