import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { TestProject } from "vitest/node";
import { synthesizeApp } from "./synthesize-app.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The assembly of `infra/app.ts` with the context of `cdk.json`. */
    assemblyDirectory: string;
  }
}

/** Synthesizes the app once for all test files: CDK takes seconds to load, a template none. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(`${tmpdir()}/assembly-`);
  await synthesizeApp(directory);
  project.provide("assemblyDirectory", directory);
  return () => rm(directory, { recursive: true });
}
