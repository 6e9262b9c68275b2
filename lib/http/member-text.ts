/**
 * The text of one member of a JSON object, exactly as it was written: digits, exponents, the order of
 * names and whitespace inside it, all of which a parsed value may have lost.
 * @param json an object that `JSON.parse` has accepted (RFC 8259)
 * @returns of several members with the name the last one, as `JSON.parse` does
 */
export function memberText(json: string, name: string): string | undefined {
  let found: string | undefined;
  for (let at = json.indexOf("{"); ; ) {
    const nameStart = json.indexOf('"', at);
    if (nameStart < 0) return found;
    const nameEnd = endOfString(json, nameStart);
    const start = json.indexOf(":", nameEnd) + 1;
    const end = endOfValue(json, start);
    if (JSON.parse(json.slice(nameStart, nameEnd)) === name) found = json.slice(start, end).trim();
    if (json[end] !== ",") return found;
    at = end;
  }
}

/** Where the comma or bracket after a value stands. Depth is a count: no recursion to exhaust. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at) - 1;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "," && depth === 0) return at;
    else if ((character === "}" || character === "]") && depth-- === 0) return at;
  }
  return json.length;
}

/** The place after the closing quote: the first one after an even number of backslashes. */
function endOfString(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return json.length;
}
