import { Class, classOf } from "./character-class.ts";
import { HASH_START, hashStep, lookUpWord } from "./lexicon.ts";
import { Trait } from "./token-kinds.ts";

/** A run of letters and digits this long may be base64. */
const RUN_LENGTH_MAX = 24;
/** A shorter one may be, when digits or capitals follow small letters in it. */
const MIXED_RUN_LENGTH_MIN = 10;

/** Characters that, between words, mean nothing to any interpreter. */
const CALM = new Uint8Array(128);
for (const character of " ,._-/:!?()\n") CALM[character.charCodeAt(0)] = 1;

/** False where punctuation starts a path, an option, a comment or a call. */
function isCalmPair(code: number, before: number, next: number): boolean {
  const isLeading = before === 0x20 || before === 0x0a || Number.isNaN(before);
  const startsWord = isLeading && next < 128 && classOf(next) === Class.letter;
  if (code === 0x2d) return next !== 0x2d && !startsWord;
  if (code === 0x2e) return next !== 0x2e;
  if (code === 0x2f) return next !== 0x2f && next !== 0x2a && !startsWord;
  return code !== 0x28 || !(classOf(before) === Class.letter || next === 0x29);
}

function isOrdinaryWide(code: number): boolean {
  return (
    code >= 0xc0 &&
    code < 0x2000 &&
    code !== 0x131 &&
    code !== 0x17f &&
    (code < 0x2b0 || code > 0x36f) &&
    code !== 0x61c &&
    code !== 0x1680 &&
    code !== 0x180e
  );
}

/**
 * True for the bulk of ordinary fields, in one pass without allocation: letters, digits and calm
 * punctuation, no word that starts a statement or a command, no run that could be encoded text.
 */
export function isPlainText(source: string): boolean {
  let hash = HASH_START;
  let run = 0;
  let sawLower = false;
  let isMixed = false;
  for (let i = 0; i < source.length; i++) {
    let code = source.charCodeAt(i);
    if (code >= 128) {
      if (!isOrdinaryWide(code)) return false;
      hash = HASH_START;
      continue;
    }
    const kind = classOf(code);
    if (kind === Class.letter || kind === Class.digit) {
      if (code >= 0x61) sawLower = true;
      else if (sawLower) isMixed = true;
      if (code >= 0x41 && code <= 0x5a) code += 32;
      hash = hashStep(hash, code);
      if (++run > RUN_LENGTH_MAX || (isMixed && run >= MIXED_RUN_LENGTH_MIN)) return false;
      continue;
    }
    if (CALM[code] === 0 || !isCalmPair(code, source.charCodeAt(i - 1), source.charCodeAt(i + 1)))
      return false;
    if (run > 0 && (lookUpWord(hash) & Trait.trigger) !== 0) return false;
    hash = HASH_START;
    run = 0;
    sawLower = false;
    isMixed = false;
  }
  const isWhole = isMixed && run === source.length && run % 4 === 0;
  return run === 0 || (!isWhole && (lookUpWord(hash) & Trait.trigger) === 0);
}
