import { capacityFor } from "./grow-buffers.ts";

/** Tokens of one text as parallel arrays, reused from call to call. `end` is exclusive. */
export type TokenList = {
  kinds: Uint8Array;
  traits: Uint16Array;
  /** Hash of the characters of the token, the same for equal values. */
  hashes: Int32Array;
  starts: Uint32Array;
  ends: Uint32Array;
  count: number;
};

/** An empty list with room for `capacity` tokens. */
export function createTokenList(capacity: number): TokenList {
  return {
    kinds: new Uint8Array(capacity),
    traits: new Uint16Array(capacity),
    hashes: new Int32Array(capacity),
    starts: new Uint32Array(capacity),
    ends: new Uint32Array(capacity),
    count: 0,
  };
}

/** Makes room for a text of `length` units, which has at most that many tokens and an end mark. */
export function reserveTokens(tokens: TokenList, length: number): void {
  if (tokens.kinds.length > length + 1) return;
  Object.assign(tokens, createTokenList(capacityFor(length + 2)));
}
