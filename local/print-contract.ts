import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { toCoveragePage } from "../lib/business-data/coverage-page.ts";
import { toOpenApi } from "../lib/http/openapi.ts";
import { toProblemPage } from "../lib/http/problem-page.ts";
import { routes, tasks } from "../lib/routes.ts";
import { toCostPage } from "./cost-page.ts";
import { toLicencePage } from "./licence-page.ts";
import { readRequirements, toRequirementsPage } from "./requirements.ts";

const docs = new URL("../docs/", import.meta.url);

/** The generated documents by file name, exactly as they are committed. */
export const contractDocuments = (): Record<string, string> => ({
  "openapi.json": `${JSON.stringify(toOpenApi(routes), undefined, 2)}\n`,
  "problems.md": toProblemPage(routes),
  "requirements/README.md": toRequirementsPage(readRequirements()),
  "business-data-coverage.md": toCoveragePage(),
  "operations/cost.md": toCostPage(routes, tasks),
  "licences.md": toLicencePage(
    JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")),
  ),
});

if (import.meta.main) {
  for (const [name, text] of Object.entries(contractDocuments())) {
    await writeFile(new URL(name, docs), text);
  }
}
