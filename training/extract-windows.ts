import { canonicalise, createCanonicalText } from "../lib/threats/canonicalise.ts";
import {
  collectFeatures,
  collectTextFacts,
  FEATURES_PER_TOKEN_MAX,
} from "../lib/threats/collect-features.ts";
import { isPlainText } from "../lib/threats/is-plain-text.ts";
import { lex } from "../lib/threats/lex.ts";
import { readNestedJson } from "../lib/threats/read-nested-json.ts";
import { Scene } from "../lib/threats/scene.ts";
import { isWindowEnd, WINDOW_TOKENS } from "../lib/threats/score-text.ts";
import { createTokenList } from "../lib/threats/token-list.ts";

const text = createCanonicalText();
const tokens = createTokenList(4096);
const scene = new Scene(tokens);
const buffer = new Int32Array(FEATURES_PER_TOKEN_MAX);

/**
 * The distinct features of every window of a text, as the detector would see them: JSON in a string
 * is taken apart, plain fields of it are passed over.
 */
export function extractWindows(source: string): Int32Array[] {
  const fields = readNestedJson(source);
  if (fields === undefined) return windowsOf(source);
  const windows = fields
    .filter(({ text: inner }) => !isPlainText(inner))
    .flatMap((field) => windowsOf(field.place === "key" ? `"${field.text}":` : field.text));
  return windows.length === 0 ? [new Int32Array()] : windows;
}

function windowsOf(source: string): Int32Array[] {
  canonicalise(source, text);
  lex(text, tokens);
  scene.reset(tokens);
  const perToken: number[][] = [];
  const windows: Int32Array[] = [];
  const whole = collectTextFacts(text, false);
  for (let at = 0; at < tokens.count; at++) {
    scene.moveTo(at);
    const size = collectFeatures(text, scene, buffer, 0);
    scene.leave();
    perToken.push([...buffer.subarray(0, size)]);
    if (!isWindowEnd(at + 1, tokens.count)) continue;
    const inside = perToken.slice(Math.max(0, at + 1 - WINDOW_TOKENS)).flat();
    windows.push(Int32Array.from(new Set([...whole, ...inside])));
  }
  return windows;
}
