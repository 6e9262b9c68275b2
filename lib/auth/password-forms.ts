/** A password as lists are compared with: letter case and compatible spellings aside. */
export const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Its letters and digits alone: words stay what they are, with whatever is put between them. */
export const lettersOf = (text: string): string => fold(text).replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
