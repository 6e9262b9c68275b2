import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contractDocuments } from "../../local/print-contract.ts";

test.each(Object.entries(contractDocuments()))(
  "docs/%s is what the rows print (npm run openapi)",
  (name, text) => {
    expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8")).toBe(text);
  },
);
