import { dictionary } from "@zxcvbn-ts/language-common";
import { Problem } from "../problem.ts";

/** SP 800-63B-4 section 3.1.1.2: 15 where the password is the only factor, 8 where a second is bound. */
const lengthMin = { onlyFactor: 15, withSecondFactor: 8 } as const;
const lengthMax = 128;

export interface PasswordContext {
  hasSecondFactor: boolean;
  /** The person's and the company's own words: names, e-mail address. */
  words: readonly string[];
}

/** Whether a password is long enough to be the only factor. */
export const isLongEnoughAlone = (password: string): boolean =>
  lengthOf(password) >= lengthMin.onlyFactor;

/**
 * Accepts a new password, or says why it is refused and that another is needed. Length counts code
 * points of the NFC form; there are no composition rules. The blocklist is compared with the whole
 * password, its repetitions and its trailing digits aside.
 *
 * @throws Problem `password-too-short`, `password-too-long`, `password-blocked`
 */
export function assertAcceptablePassword(password: string, context: PasswordContext): void {
  const length = lengthOf(password);
  const least = context.hasSecondFactor ? lengthMin.withSecondFactor : lengthMin.onlyFactor;
  if (length < least) {
    throw new Problem("password-too-short", {
      detail: `Use at least ${least} characters; several unrelated words work well.`,
      extra: { lengthMin: least },
    });
  }
  if (length > lengthMax) {
    throw new Problem("password-too-long", {
      detail: `Use at most ${lengthMax} characters.`,
      extra: { lengthMax },
    });
  }
  const reason = blockedBecause(password, context.words);
  if (reason) {
    throw new Problem("password-blocked", {
      detail: `Choose another password: this one ${reason}.`,
    });
  }
}

const lengthOf = (password: string): number => [...password.normalize("NFC")].length;

let blocklist: ReadonlySet<string> | undefined;

/** Built at first use: most invocations set no password. */
function blockedPasswords(): ReadonlySet<string> {
  blocklist ??= new Set(dictionary["passwords-common"] as readonly string[]);
  return blocklist;
}

function blockedBecause(password: string, words: readonly string[]): string | undefined {
  const folded = password.normalize("NFKC").toLowerCase();
  const core = folded.replace(/[\p{N}\p{P}\p{S}\s]+$/u, "");
  const unit = repeatedUnit(folded);
  if ([folded, core, unit].some((candidate) => blockedPasswords().has(candidate))) {
    return "is among the most common ones, or one of them repeated or numbered";
  }
  if (unit.length <= 4) return "repeats a few characters";
  if (isSequence(folded)) return "is a sequence of neighbouring characters";
  const own = words.flatMap(contextWords);
  if (own.some((word) => folded === word || core === word || unit === word)) {
    return "is made of your own or your company's name or address";
  }
  const withoutOwn = own.reduce((rest, word) => rest.replaceAll(word, ""), folded);
  if ([...withoutOwn].length < 4 && withoutOwn.length < folded.length) {
    return "is made of your own or your company's name or address";
  }
  return undefined;
}

/** The shortest text that makes up the password by repetition. */
function repeatedUnit(text: string): string {
  const length = `${text}${text}`.indexOf(text, 1);
  return text.slice(0, length);
}

const isSequence = (text: string): boolean => {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = points.slice(1).map((point, index) => point - (points[index] ?? 0));
  const same = steps.filter((step) => Math.abs(step) === 1 || step === -9 || step === 9).length;
  return steps.length > 0 && same / steps.length > 0.9;
};

const contextWords = (text: string): string[] => {
  const folded = text.normalize("NFKC").toLowerCase();
  const parts = folded.split(/[\s@.,;:_\-/&]+/).filter((part) => part.length >= 4);
  return [folded, folded.replace(/\s+/g, ""), ...parts].filter((word) => word.length >= 4);
};
