import { writeFile } from "node:fs/promises";
import { toCoveragePage } from "../lib/business-data/coverage-page.ts";
import { toOpenApi } from "../lib/http/openapi.ts";
import { toProblemPage } from "../lib/http/problem-page.ts";
import { routes } from "../lib/routes.ts";
import { readRequirements, toRequirementsPage } from "./requirements.ts";

const docs = new URL("../docs/", import.meta.url);

/** The generated documents by file name, exactly as they are committed. */
export const contractDocuments = (): Record<string, string> => ({
  "openapi.json": `${JSON.stringify(toOpenApi(routes), undefined, 2)}\n`,
  "problems.md": toProblemPage(routes),
  "requirements/README.md": toRequirementsPage(readRequirements()),
  "business-data-coverage.md": toCoveragePage(),
});

if (import.meta.main) {
  for (const [name, text] of Object.entries(contractDocuments())) {
    await writeFile(new URL(name, docs), text);
  }
}
