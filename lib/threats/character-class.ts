/** Classes of characters the lexer tells apart before it looks closer. */
export const Class = { symbol: 0, space: 1, letter: 2, digit: 3, quote: 4, skipped: 5 } as const;

const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/\s/.test(character)) CLASSES[code] = Class.space;
  else if (/[a-z_]/i.test(character)) CLASSES[code] = Class.letter;
  else if (/[0-9]/.test(character)) CLASSES[code] = Class.digit;
  else if (character === "'" || character === '"') CLASSES[code] = Class.quote;
}

/** Vulgar fractions and superscripts end a number, so that a quote after them is an inch mark. */
function isFraction(code: number): boolean {
  return (
    (code >= 0xbc && code <= 0xbe) ||
    code === 0xb2 ||
    code === 0xb3 ||
    code === 0xb9 ||
    (code >= 0x2150 && code <= 0x215f)
  );
}

/** Class of a canonical character. Signs outside ASCII (degree, bullet, dash) mean nothing here. */
export function classOf(code: number): number {
  if (code < 128) return CLASSES[code] as number;
  if (isFraction(code)) return Class.digit;
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return Class.skipped;
  if (code >= 0x2000 && code <= 0x2bff) return Class.skipped;
  return code >= 0x3001 && code <= 0x303f ? Class.skipped : Class.letter;
}
