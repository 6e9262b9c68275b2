import { appendFileSync, existsSync, readFileSync } from "node:fs";

export interface Journal<Item> {
  /** Oldest first. */
  items: readonly Item[];
  append: (item: Item) => void;
}

/**
 * A list that only grows, kept as one JSON line per item so that it survives a kill -9.
 *
 * @param path of its file; absent for memory only
 */
export function openJournal<Item>(path?: string): Journal<Item> {
  const items = path && existsSync(path) ? readItems<Item>(path) : [];
  return {
    items,
    append: (item) => {
      // The leading newline closes a line that a crash cut short.
      if (path) appendFileSync(path, `\n${JSON.stringify(item)}`, { mode: 0o600 });
      items.push(item);
    },
  };
}

const readItems = <Item>(path: string): Item[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => parseLine<Item>(line));

function parseLine<Item>(line: string): Item[] {
  try {
    return [JSON.parse(line) as Item];
  } catch {
    return [];
  }
}
