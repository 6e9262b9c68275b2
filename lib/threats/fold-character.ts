/** Returned by `foldCharacter` for characters a browser, database or shell ignores. */
export const DROPPED = -1;

const SPACE = 0x20;

const SPACES = new Set([
  0x0b, 0x0c, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007,
  0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

const LOOK_ALIKES = new Map<number, string>([
  ...[..."\u02b9\u02bc\u2018\u2019\u201b\u2032\u00b4"].map((c) => [c.charCodeAt(0), "'"] as const),
  ...[..."\u201c\u201d\u201f\u2033\u02ba"].map((c) => [c.charCodeAt(0), '"'] as const),
  [0x131, "i"],
  [0x17f, "s"],
  [0x2039, "<"],
  [0x203a, ">"],
  [0x3008, "<"],
  [0x3009, ">"],
  [0x2044, "/"],
  [0x2215, "/"],
]);

/** Compatibility blocks whose characters databases and browsers map to ASCII (NFKC). */
function hasCompatibilityForm(code: number): boolean {
  return (
    (code >= 0xff00 && code <= 0xffef) ||
    (code >= 0xfe50 && code <= 0xfe6f) ||
    (code >= 0x2460 && code <= 0x24ff) ||
    (code >= 0x2100 && code <= 0x214f) ||
    (code >= 0x2070 && code <= 0x209f) ||
    (code >= 0x1d400 && code <= 0x1d7ff)
  );
}

function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff
  );
}

function foldWide(code: number): number {
  if (isInvisible(code)) return DROPPED;
  if (SPACES.has(code)) return SPACE;
  const alike = LOOK_ALIKES.get(code);
  if (alike !== undefined) return alike.charCodeAt(0);
  if (!hasCompatibilityForm(code)) return code;
  const normal = String.fromCodePoint(code).normalize("NFKC");
  const folded = normal.length === 1 ? normal.charCodeAt(0) : code;
  return folded >= 0x41 && folded <= 0x5a ? folded + 32 : folded;
}

/**
 * One code point to what the interpreters behind a form field treat as the same: lower case, ASCII
 * for its look-alikes (UAX #15 NFKC), a plain space for every space, `DROPPED` for invisible ones.
 */
export function foldCharacter(code: number): number {
  if (code < 0x80) {
    if (code >= 0x41 && code <= 0x5a) return code + 32;
    if (code >= SPACE) return code === 0x7f ? DROPPED : code;
    if (code === 0x09 || code === 0x0a || code === 0x0d) return code;
    return code === 0x0b || code === 0x0c ? SPACE : DROPPED;
  }
  return foldWide(code);
}
