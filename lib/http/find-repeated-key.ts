/** An object or array that is open; `keys` is undefined in an array. */
interface Level {
  keys: Set<string> | undefined;
  step: string | number;
}

/**
 * The path of the first key that an object has twice, undefined where there is none. JSON.parse takes
 * the last of them, and another parser may take the first (RFC 8259 section 4).
 *
 * @param text well-formed JSON
 */
export function findRepeatedKey(text: string): (string | number)[] | undefined {
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1);
    const character = text[at];
    if (character === "{") levels.push({ keys: new Set(), step: "" });
    else if (character === "[") levels.push({ keys: undefined, step: 0 });
    else if (character === "}" || character === "]") levels.pop();
    else if (character === "," && typeof level?.step === "number") level.step++;
    else if (character === '"') {
      const end = endOfString(text, at);
      if (level?.keys && isKey(text, end)) {
        level.step = JSON.parse(text.slice(at, end + 1)) as string;
        if (level.keys.has(level.step)) return levels.map(({ step }) => step);
        level.keys.add(level.step);
      }
      at = end;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end;
}

const beforeColon = /\s*:/y;

function isKey(text: string, end: number): boolean {
  beforeColon.lastIndex = end + 1;
  return beforeColon.test(text);
}
