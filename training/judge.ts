// Measures the committed model on labelled texts: `node training/judge.ts --rows FILE... [--errors]`.
// A file has one JSON per line, `{text, label, source}`; `--errors` prints the misjudged rows as well.
import { parseArgs } from "node:util";
import { loadModel } from "../lib/threats/model.ts";
import { judge, toSample } from "./evaluate.ts";
import { printErrors, printRates, printReliability } from "./print-report.ts";
import { readLabelledRows } from "./read-rows.ts";

/** Prints recall, false alarms and calibration; `args` are those of the command line. */
export function judgeRows(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string", multiple: true, default: [] },
      errors: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const paths = [...values.rows, ...positionals];
  if (paths.length === 0) throw new Error("--rows FILE... is required");
  const judged = judge(loadModel(), paths.flatMap(readLabelledRows).map(toSample));
  printRates("Recall and false alarms", judged);
  printReliability("as labelled", judged);
  if (values.errors) printErrors(judged);
}

if (import.meta.main) judgeRows(process.argv.slice(2));
