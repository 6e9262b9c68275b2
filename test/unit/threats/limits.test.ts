import { describe, expect, it } from "vitest";
import { PUMPS } from "../../../bench/threats/pump-strings.ts";
import { detectThreat } from "../../../lib/threats/detect-threat.ts";
import { countedWork } from "../../../lib/threats/score-text.ts";
import { DEPTH_MAX, FIELDS_MAX, INPUT_LENGTH_MAX } from "../../../lib/threats/walk-fields.ts";

function nest(depth: number): unknown {
  let data: unknown = "x";
  for (let i = 0; i < depth; i++) data = [data];
  return data;
}

/** Features added and removed while `text` is screened. */
function workOf(text: string): number {
  const before = countedWork();
  detectThreat(undefined, text);
  return countedWork() - before;
}

function fill(piece: string, kilobytes: number): string {
  const length = kilobytes * 1024;
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

describe("data beyond the limits is refused, never reported as clean", () => {
  const refusal = { code: "body-too-large" };

  it("one character too many", () => {
    expect(detectThreat(undefined, "a".repeat(INPUT_LENGTH_MAX)).threat).toBe(false);
    expect(() => detectThreat(undefined, "a".repeat(INPUT_LENGTH_MAX + 1))).toThrow(
      expect.objectContaining(refusal),
    );
  });

  it("one field too many", () => {
    expect(() => detectThreat(undefined, new Array(FIELDS_MAX + 1).fill("a"))).toThrow(
      expect.objectContaining(refusal),
    );
  });

  it("one level too deep", () => {
    expect(detectThreat(undefined, nest(DEPTH_MAX)).threat).toBe(false);
    expect(() => detectThreat(undefined, nest(DEPTH_MAX + 1))).toThrow(
      expect.objectContaining(refusal),
    );
  });

  it("JSON in a string that is too deep is screened as text", () => {
    const deep = `${"[".repeat(100)}"<script>alert(1)</script>"${"]".repeat(100)}`;

    expect(detectThreat(undefined, deep).threat).toBe(true);
  });
});

describe("work grows in step with the length", () => {
  it.each(PUMPS)("for repeated %s", (_, piece) => {
    const small = workOf(fill(piece, 8));
    const large = workOf(fill(piece, 64));

    expect(large).toBeLessThanOrEqual(small * 8 * 1.2 + 2000);
  });

  it("an attack behind 128 KB of prose is still found", () => {
    const prose = 'Forged elbow, tested at the works; 1/2" NPT. ';

    expect(detectThreat(undefined, `${fill(prose, 128)} <script>alert(1)</script>`).threat).toBe(
      true,
    );
  });
});
