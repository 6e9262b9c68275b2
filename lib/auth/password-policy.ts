import { Problem } from "../problem.ts";
import { fold } from "./password-forms.ts";

/** SP 800-63B-4 section 3.1.1.2: 15 where the password is the only factor, 8 where a second is bound. */
const lengthMin = { onlyFactor: 15, withSecondFactor: 8 } as const;
const lengthMax = 128;

/**
 * Least score of zxcvbn: 3 stands for 10^8 guesses. Beside a second factor 2, for 10^6: eight random
 * characters have no more than 10^8.
 */
const scoreMin = { onlyFactor: 3, withSecondFactor: 2 } as const;

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
 * points of the NFC form; there are no composition rules. The blocklist (SP 800-63B-4 section 3.1.1.2)
 * is compared with the whole password, its repetitions and its trailing digits aside; then the guesses
 * that it takes are estimated.
 *
 * @throws Problem `password-too-short`, `password-too-long`, `password-blocked`
 */
export async function assertAcceptablePassword(
  password: string,
  context: PasswordContext,
): Promise<void> {
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
  const reason = await blockedBecause(password, context);
  if (reason) {
    throw new Problem("password-blocked", {
      detail: `Choose another password: this one ${reason}.`,
    });
  }
}

const lengthOf = (password: string): number => [...password.normalize("NFC")].length;

async function blockedBecause(
  password: string,
  { hasSecondFactor, words }: PasswordContext,
): Promise<string | undefined> {
  // Only where a password is set: a megabyte of lists that other invocations need not load.
  const [{ isBreached }, { guessability }] = await Promise.all([
    import("./breached-passwords.ts"),
    import("./guessability.ts"),
  ]);
  const folded = fold(password);
  const core = folded.replace(/[\p{N}\p{P}\p{S}\s]+$/u, "");
  const unit = repeatedUnit(folded);
  if (unit.length <= 4) return "repeats a few characters";
  if (isSequence(folded)) return "is a sequence of neighbouring characters";
  if ([folded, core, unit].some(isBreached)) {
    return "was found in a breach or is widely known, or is one of those repeated or numbered";
  }
  const own = words.flatMap(contextWords);
  if (own.some((word) => folded === word || core === word || unit === word)) {
    return "is made of your own or your company's name or address";
  }
  const withoutOwn = own.reduce((rest, word) => rest.replaceAll(word, ""), folded);
  if ([...withoutOwn].length < 4 && withoutOwn.length < folded.length) {
    return "is made of your own or your company's name or address";
  }
  const least = hasSecondFactor ? scoreMin.withSecondFactor : scoreMin.onlyFactor;
  return guessability(password, own) < least
    ? "is made of common words, dates or keyboard patterns and is guessed quickly"
    : undefined;
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
  const folded = fold(text);
  const parts = folded.split(/[\s@.,;:_\-/&]+/).filter((part) => part.length >= 4);
  return [folded, folded.replace(/\s+/g, ""), ...parts].filter((word) => word.length >= 4);
};
