/** Scripts whose letters are taken for Latin ones; Han, Kana and Hangul are not (Unicode TR 39). */
const confusableScripts = [/\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];
const latin = /\p{Script=Latin}/u;
const words = /[\p{L}\p{M}]+/gu;

/** Cyrillic and Greek letters that look like a Latin one in most typefaces. */
const wholeLookalike = /^[аеорсхуіјѕԁһԛԝӏӀАВЕКМНОРСТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧο\d-]+$/u;

/**
 * Whether a text may imitate another one: a word that mixes Latin with a script of look-alikes, or one
 * made of look-alikes alone (Unicode TR 39 section 5, restriction level "highly restrictive").
 *
 * @param isWholeChecked also hint at words without any Latin letter, as fits a host name
 */
export function imitates(text: string, isWholeChecked = false): boolean {
  for (const [word] of text.matchAll(words)) {
    const foreign = confusableScripts.filter((script) => script.test(word)).length;
    if (foreign > 1 || (foreign === 1 && latin.test(word))) return true;
    if (isWholeChecked && foreign === 1 && wholeLookalike.test(word)) return true;
  }
  return false;
}
