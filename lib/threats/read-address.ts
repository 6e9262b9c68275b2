import { Class, classOf } from "./character-class.ts";

const URL_ENDS = new Set([..."<>();|`{}$?#\\,*!"].map((character) => character.charCodeAt(0)));
/** Digits of the smallest public address as one number, after `//`. */
const NUMERIC_HOST_MIN = 9;

/** Where the address that goes on at `at` ends. */
export function readUrl(codes: Uint16Array, at: number, length: number): number {
  let i = at;
  for (; i < length; i++) {
    const code = codes[i] as number;
    const kind = classOf(code);
    if (kind === Class.space || kind === Class.quote) break;
    // Stops where a URL would no longer be plain: `< > ( ) ; | ` $ { } ? # \ `
    if (kind === Class.symbol && URL_ENDS.has(code)) break;
    if (code === 0x2e && codes[i + 1] === 0x2e) break;
  }
  return i;
}

/** `//bank.example@evil/`, `//bank:evil.example`: a name where the account or the port stands. */
function hasOddAuthority(codes: Uint16Array, at: number, end: number): boolean {
  for (let i = at; i < end && codes[i] !== 0x2f; i++) {
    if (codes[i] === 0x40) return true;
    if (codes[i] === 0x3a && i + 1 < end && classOf(codes[i + 1] as number) === Class.letter) {
      return true;
    }
  }
  return false;
}

/** `//1113982867/`, `//0x42.0x66.7.93/`: an address that is not written as people write it. */
export function isOddHost(codes: Uint16Array, at: number, end: number): boolean {
  if (codes[at] !== 0x2f || codes[at + 1] !== 0x2f) return false;
  let i = at + 2;
  let dots = 0;
  let isOdd = false;
  if (hasOddAuthority(codes, i, end)) return true;
  for (; i < end && codes[i] !== 0x2f && codes[i] !== 0x3a; i++) {
    const code = codes[i] as number;
    const isPartStart = i === at + 2 || codes[i - 1] === 0x2e;
    if (code === 0x2e) dots++;
    else if (isPartStart && code === 0x30 && codes[i + 1] === 0x78) {
      isOdd = true;
      i++;
    } else if (!isHexDigit(code)) return false;
    else if (classOf(code) === Class.letter && !isOdd) return false;
    else if (isPartStart && code === 0x30 && classOf(codes[i + 1] as number) === Class.digit) {
      isOdd = true;
    }
  }
  return isOdd || (dots === 0 && i - at > NUMERIC_HOST_MIN);
}

/** True for 0-9 and a-f; canonical text has no capitals. */
export function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}
