import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalise, createCanonicalText } from "../../../lib/threats/canonicalise.ts";
import { detectThreat } from "../../../lib/threats/detect-threat.ts";
import { findCommandFacts } from "../../../lib/threats/find-command-facts.ts";
import { findFacts } from "../../../lib/threats/find-facts.ts";
import { findMarkupFacts } from "../../../lib/threats/find-markup-facts.ts";
import { findQueryFacts } from "../../../lib/threats/find-query-facts.ts";
import { findSqlFacts } from "../../../lib/threats/find-sql-facts.ts";
import { lex } from "../../../lib/threats/lex.ts";
import { loadModel, UNIT } from "../../../lib/threats/model.ts";
import { Scene } from "../../../lib/threats/scene.ts";
import { scoreText } from "../../../lib/threats/score-text.ts";
import { THREAT_TYPES } from "../../../lib/threats/threat-type.ts";
import { createTokenList } from "../../../lib/threats/token-list.ts";
import { extractWindows } from "../../../training/extract-windows.ts";
import { hostileText } from "../../../training/hostile-text.ts";

const FINDERS = [findSqlFacts, findMarkupFacts, findQueryFacts, findCommandFacts];

function factsOf(scene: Scene, token: number): number[] {
  return Array.from({ length: scene.factCountOf(token) }, (_, index) =>
    scene.factOf(token, index),
  ).sort((a, b) => a - b);
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ maxLength: 300 }),
  hostileText(),
);

describe("for any text", () => {
  it("the answer is a probability, the same after any other text, with offsets inside the text", () => {
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const answer = detectThreat(undefined, text);
        detectThreat(undefined, `${other}${other}`);

        expect(detectThreat(undefined, text)).toEqual(answer);
        expect(answer.confidence).toBeGreaterThanOrEqual(0);
        expect(answer.confidence).toBeLessThanOrEqual(1);
        expect(answer.riskScore).toBeGreaterThanOrEqual(0);
        expect(answer.riskScore).toBeLessThanOrEqual(100);
        for (const { start, end } of answer.findings) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("what was screened before stays out of the answer", () => {
    const before = detectThreat(undefined, "96 or 96=96");
    detectThreat(undefined, `${"<".repeat(11)}e5555;`);

    expect(detectThreat(undefined, "96 or 96=96")).toEqual(before);
  });

  it("decoding never lengthens it and its origins never run backwards", () => {
    const canonical = createCanonicalText();
    fc.assert(
      fc.property(anyText, (text) => {
        canonicalise(text, canonical);

        expect(canonical.length).toBeLessThanOrEqual(text.length);
        for (let i = 1; i <= canonical.length; i++) {
          expect(canonical.origins[i] as number).toBeGreaterThan(
            canonical.origins[i - 1] as number,
          );
        }
        expect(canonical.origins[canonical.length]).toBe(text.length);
      }),
      { numRuns: 500 },
    );
  });

  it("the sliding window gives what adding up every window anew gives", () => {
    const model = loadModel();
    const canonical = createCanonicalText();
    const heads = THREAT_TYPES.length;
    fc.assert(
      fc.property(fc.array(hostileText(), { minLength: 1, maxLength: 12 }), (parts) => {
        const text = `x ${parts.join(" ")}`;
        canonicalise(text, canonical);
        const scored = scoreText(model, canonical, false).map(({ score }) =>
          Math.round(score * UNIT),
        );
        const windows = extractWindows(text);
        const anew = THREAT_TYPES.map((_, head) =>
          Math.max(
            ...windows.map(({ ids, heads: bits }) =>
              (bits & (1 << head)) === 0
                ? Number.NEGATIVE_INFINITY
                : ids.reduce(
                    (total, id) => total + (model.weights[id * heads + head] as number),
                    model.biases[head] as number,
                  ),
            ),
          ),
        );

        expect(scored).toEqual(anew);
      }),
      { numRuns: 300 },
    );
  });

  it("looking only where a fact can be completed finds what looking everywhere finds", () => {
    const canonical = createCanonicalText();
    const tokens = createTokenList(1024);
    const [chosen, everywhere] = [new Scene(tokens), new Scene(tokens)];
    fc.assert(
      fc.property(fc.array(hostileText(), { minLength: 1, maxLength: 4 }), (parts) => {
        canonicalise(parts.join(" "), canonical);
        lex(canonical, tokens);
        chosen.reset(tokens, canonical);
        everywhere.reset(tokens, canonical);
        for (let at = 0; at < tokens.count; at++) {
          findFacts(chosen, at);
          everywhere.moveTo(at);
          for (const find of FINDERS) find(everywhere);
          everywhere.leave();

          expect(factsOf(chosen, at)).toEqual(factsOf(everywhere, at));
        }
      }),
      { numRuns: 500 },
    );
  });
});
