import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as common } from "@zxcvbn-ts/language-common";
import englishWords from "@zxcvbn-ts/language-en/dist/commonWords.json.mjs";
import firstNames from "@zxcvbn-ts/language-en/dist/firstnames.json.mjs";

/** Bounds the time that one password takes; a longer one is at least as hard to guess as its beginning. */
const lengthScored = 24;
const substitutionsMax = 8;

const estimator = new ZxcvbnFactory({
  dictionary: { ...common, "words-en": englishWords, "firstnames-en": firstNames },
  graphs: adjacencyGraphs,
  l33tMaxSubstitutions: substitutionsMax,
});

/**
 * How many guesses a password takes, as a score of zxcvbn (Wheeler, USENIX Security 2016): below
 * 10^3, 10^6, 10^8 and 10^10 it is 0, 1, 2 and 3, else 4. Loaded at first use: most invocations set no
 * password.
 *
 * @param words the person's own, the first that are guessed.
 */
export const guessability = (password: string, words: string[]): number =>
  estimator.check([...password].slice(0, lengthScored).join(""), words).score;
