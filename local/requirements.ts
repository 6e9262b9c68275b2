import { readFileSync } from "node:fs";

/** What one requirement asks for, how far it is met, and the tests that prove it. */
export interface Requirement {
  id: string;
  requirement: string;
  status: "met" | "not-applicable" | "not-yet";
  /** Why it does not apply, what is lacking, or how it is met. */
  note?: string;
  tests: readonly { file: string; title: string }[];
}

export interface RequirementMatrix {
  standard: string;
  requirements: readonly Requirement[];
}

const files = ["nist-800-63b-4.json", "owasp-asvs-5.json"];

export const readRequirements = (): RequirementMatrix[] =>
  files.map((file) =>
    JSON.parse(readFileSync(new URL(`../docs/requirements/${file}`, import.meta.url), "utf8")),
  );

/** The matrices as a page to read. */
export const toRequirementsPage = (matrices: readonly RequirementMatrix[]): string =>
  `# Requirements

What the authentication standards ask for and the tests that prove it. A test of our own fails where a test named here does not exist.
Requirements are in our words; the standards decide.

Printed from the matrices in this folder by \`npm run openapi\`.
${matrices.map(toSection).join("")}`;

const toSection = ({ standard, requirements }: RequirementMatrix): string => {
  const count = (status: Requirement["status"]) =>
    requirements.filter((requirement) => requirement.status === status).length;
  return `
## ${standard}

${count("met")} met, ${count("not-yet")} not yet, ${count("not-applicable")} not applicable.

| id | requirement | status | proof |
|---|---|---|---|
${requirements.map(toRow).join("\n")}
`;
};

const toRow = ({ id, requirement, status, note, tests }: Requirement): string => {
  const proof = tests.map(({ file, title }) => `[${title}](../../${file})`);
  const cells = [id, requirement, status.replace("-", " "), [...proof, note].join("<br>")];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replace(/<br>$/, "")).join(" | ")} |`;
};
