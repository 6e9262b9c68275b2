import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What the kernel knows about a process of this machine; undefined or empty once it has ended. */

/** The loopback TCP port a process listens on. */
export function listeningPort(pid: number): number | undefined {
  const inodes = new Set(socketInodes(pid));
  if (inodes.size === 0) return undefined;
  const listening = "0A";
  for (const line of read(`/proc/${pid}/net/tcp`).split("\n").slice(1)) {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    if (state === listening && inodes.has(inode))
      return Number.parseInt(local.split(":")[1] ?? "", 16);
  }
  return undefined;
}

/** Whether a process is the emulator on a database file, so that a reused id is never mistaken. */
export const isEmulatorOf = (pid: number, databasePath: string): boolean => {
  const [program = "", ...options] = read(`/proc/${pid}/cmdline`).split("\0");
  return program.endsWith("/dynoxide") && options.includes(databasePath);
};

export function parentOf(pid: number): number | undefined {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ");
  return fields?.[1] === undefined ? undefined : Number(fields[1]);
}

/** False once it has ended, also while its parent has not yet taken note. */
export const isRunning = (pid: number): boolean => {
  const state = read(`/proc/${pid}/stat`).split(") ")[1]?.[0];
  return state !== undefined && state !== "Z";
};

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(
      (file) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1] ?? [],
    );
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
