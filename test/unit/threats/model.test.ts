import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { probabilityOf } from "../../../lib/threats/calibrate.ts";
import { canonicalise, createCanonicalText } from "../../../lib/threats/canonicalise.ts";
import { detectThreat } from "../../../lib/threats/detect-threat.ts";
import { loadModel } from "../../../lib/threats/model.ts";
import { scoreText } from "../../../lib/threats/score-text.ts";
import { THREAT_TYPES } from "../../../lib/threats/threat-type.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import ownTestSet from "./own-test-set.json" with { type: "json" };

const root = join(import.meta.dirname, "../../..");
const modelPath = join(root, "lib/threats/model.json");
const MODEL_BYTES_MAX = 300 * 1024;

function isHit({ label, text }: { label: string; text: string }): boolean {
  const { threat, findings } = detectThreat(undefined, text);
  return label.startsWith("benign") ? threat : findings.some(({ type }) => type === label);
}

/** `hits of count` of a label in the card's table of the own test set. */
function statedInCard(label: string): string | undefined {
  const card = readFileSync(join(root, "docs/threat-model-card.md"), "utf8");
  const row = card.split("\n").find((line) => line.startsWith(`| own set, ${label} |`));
  return row?.split("|")[2]?.trim();
}

describe("the model", () => {
  it("is at most 300 KB", () => {
    expect(statSync(modelPath).size).toBeLessThanOrEqual(MODEL_BYTES_MAX);
  });

  it("is bundled into a CommonJS function that reads no file", () => {
    const outfile = join(temporaryDirectory(), "detector.cjs");
    buildSync({
      entryPoints: [join(root, "lib/threats/detect-threat.ts")],
      outfile,
      bundle: true,
      minify: true,
      platform: "node",
      format: "cjs",
      target: "node24",
    });

    const bundled = createRequire(import.meta.url)(outfile) as {
      detectThreat: typeof detectThreat;
    };

    expect(readFileSync(outfile, "utf8")).not.toContain("readFileSync");
    expect(bundled.detectThreat(undefined, "' or 1=1 -- ")).toEqual(
      detectThreat(undefined, "' or 1=1 -- "),
    );
  });
});

describe("a verdict needs a structural fact", () => {
  it("so that no weight of n-grams alone reaches the threshold", () => {
    const model = loadModel();
    const text = createCanonicalText();
    const loud = { ...model, weights: model.weights.map((weight) => Math.abs(weight)) };
    canonicalise("one word & another, 5 < 6 [x] {y} = z", text);

    const confidences = scoreText(loud, text, false).map(({ score }, head) =>
      probabilityOf(model.calibration[head] ?? [], score),
    );

    expect(Math.max(...confidences)).toBeLessThan(model.threshold);
  });
});

describe("the figures of the card hold on the committed own test set", () => {
  it.each([...THREAT_TYPES, "benign_hard"])("%s", (label) => {
    const rows = ownTestSet.filter((row) => row.label === label);

    expect(`${rows.filter(isHit).length} of ${rows.length}`).toBe(statedInCard(label));
  });
});
