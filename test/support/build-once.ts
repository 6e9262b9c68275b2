import type { Metafile } from "esbuild";
import { buildFunctions } from "../../infra/build.ts";

const key = Symbol.for("manufacturer-security.build");

/** Bundles the functions before a project's tests; once per run, however many projects ask for it. */
export async function setup(): Promise<void> {
  const shared = globalThis as { [key]?: Promise<Metafile> };
  shared[key] ??= buildFunctions();
  await shared[key];
}
