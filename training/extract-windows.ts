import { canonicalise, createCanonicalText } from "../lib/threats/canonicalise.ts";
import {
  collectFeatures,
  collectTextFacts,
  FEATURES_PER_TOKEN_MAX,
} from "../lib/threats/collect-features.ts";
import { findFacts } from "../lib/threats/find-facts.ts";
import { isPlainText } from "../lib/threats/is-plain-text.ts";
import { lex } from "../lib/threats/lex.ts";
import { readNestedJson } from "../lib/threats/read-nested-json.ts";
import { Scene, WINDOW_TOKENS } from "../lib/threats/scene.ts";
import { isWindowEnd } from "../lib/threats/score-text.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
import { createTokenList } from "../lib/threats/token-list.ts";

const text = createCanonicalText();
const tokens = createTokenList(4096);
const scene = new Scene(tokens);
const buffer = new Int32Array(FEATURES_PER_TOKEN_MAX);

/** Distinct features of a window, and a bit `1 << head` for each head whose facts it holds. */
export type Window = { ids: Int32Array; heads: number };

/**
 * The distinct features of every window of a text, as the detector would see them: JSON in a string
 * is taken apart, plain fields of it are passed over.
 */
export function extractWindows(source: string): Window[] {
  const fields = readNestedJson(source);
  if (fields === undefined) return windowsOf(source);
  return fields
    .filter(({ text: inner }) => !isPlainText(inner))
    .flatMap((field) => windowsOf(field.place === "key" ? `"${field.text}":` : field.text));
}

function windowsOf(source: string): Window[] {
  canonicalise(source, text);
  lex(text, tokens);
  scene.reset(tokens, text);
  const perToken: number[][] = [];
  const windows: Window[] = [];
  const whole = collectTextFacts(text, false);
  for (let at = 0; at < tokens.count; at++) {
    findFacts(scene, at);
    const size = collectFeatures(text, scene, at, buffer, 0);
    perToken.push([...buffer.subarray(0, size)]);
    if (!isWindowEnd(at + 1, tokens.count)) continue;
    const first = Math.max(0, at + 1 - WINDOW_TOKENS);
    const heads = THREAT_TYPES.reduce(
      (bits, _, head) => bits | (scene.lastOfFamily(head) >= first ? 1 << head : 0),
      0,
    );
    // What no head scores need not be kept.
    if (heads === 0) continue;
    const inside = perToken.slice(first).flat();
    windows.push({ ids: Int32Array.from(new Set([...whole, ...inside])), heads });
  }
  return windows;
}
