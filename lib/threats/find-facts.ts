import { findCommandFacts } from "./find-command-facts.ts";
import { findMarkupFacts } from "./find-markup-facts.ts";
import { findQueryFacts } from "./find-query-facts.ts";
import { findSqlFacts } from "./find-sql-facts.ts";
import type { Scene } from "./scene.ts";

/** Finds the structural facts that token `at` completes; tokens must be visited in order. */
export function findFacts(scene: Scene, at: number): void {
  scene.moveTo(at);
  findSqlFacts(scene);
  findMarkupFacts(scene);
  findQueryFacts(scene);
  findCommandFacts(scene);
  scene.leave();
}
