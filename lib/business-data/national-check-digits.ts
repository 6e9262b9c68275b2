import { hasLuhnDigit, weightedSum } from "./check-digit.ts";

/**
 * Check digits of schemes that the `stdnum` package lacks, or answers wrongly. Each takes the number
 * without its country prefix, of the length its rule's pattern demands.
 */

/**
 * Bulgarian EIK, 9 digits: weights 1-8 modulo 11, and 3-10 where that gives 10 (Bulstat register
 * act, control digit of the unified identification code).
 */
export function hasBulgarianEntityDigit(number: string): boolean {
  const first = weightedSum(number, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
  const digit = first < 10 ? first : (weightedSum(number, [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10;
  return digit === Number(number[8]);
}

/**
 * Bulgarian VAT number of 10 digits: a person (EGN, with a date of birth), a foreigner (PNF) or another taxable person,
 * three rules, any of which may hold (European Commission, VIES number algorithms).
 */
export function hasBulgarianPersonDigit(number: string): boolean {
  const digit = Number(number[9]);
  const birth = /^\d\d(?:[024][1-9]|[135][0-2])(?:0[1-9]|[12]\d|3[01])/.test(number);
  const person = birth && (weightedSum(number, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10;
  const foreigner = weightedSum(number, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10;
  const other = (11 - (weightedSum(number, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return [person, foreigner, other].includes(digit);
}

/** Czech IČO and 8-digit DIČ: weights 8-2 modulo 11 (Czech Statistical Office, IČO rule). */
export function hasCzechEntityDigit(number: string): boolean {
  const rest = (11 - (weightedSum(number, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return (rest === 0 ? 1 : rest % 10) === Number(number[7]);
}

/** Czech DIČ of 9 digits after a 6: weights 8-2, and what is missing to the next multiple of 11 (VIES). */
export function hasCzechSpecialDigit(number: string): boolean {
  const missing = 11 - (weightedSum(number.slice(1), [8, 7, 6, 5, 4, 3, 2]) % 11);
  return (19 - missing) % 10 === Number(number[8]);
}

/** Slovak IČ DPH: the ten digits divide by 11 (European Commission, VIES number algorithms). */
export const hasSlovakVatDigit = (number: string): boolean => Number(number) % 11 === 0;

/** Slovenian DDV: weights 8-2, 11 minus the remainder; 10 is written 0, 11 is never issued. */
export function hasSlovenianVatDigit(number: string): boolean {
  const digit = 11 - (weightedSum(number, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return (digit === 10 ? 0 : digit) === Number(number[7]);
}

/** French SIRET: SIREN and SIRET each end in a Luhn digit; La Poste's branches add up to 5s instead. */
export function hasSiretDigit(number: string): boolean {
  if (!hasLuhnDigit(number.slice(0, 9))) return false;
  if (hasLuhnDigit(number)) return true;
  const crossSum = [...number].reduce((sum, digit) => sum + Number(digit), 0);
  return number.startsWith("356000000") && crossSum % 5 === 0;
}

/** Indonesian NPWP of 15 digits: the first nine end in a Luhn digit. */
export const hasNpwpDigit = (number: string): boolean => hasLuhnDigit(number.slice(0, 9));

/** Paraguayan RUC: modulo 11 with weights 2, 3, 4, ... from the right; remainders 0 and 1 give 0. */
export function hasRucDigit(number: string): boolean {
  const digits = [...number.slice(0, -1)].reverse();
  const rest = digits.reduce((sum, digit, place) => sum + Number(digit) * (place + 2), 0) % 11;
  return (rest < 2 ? 0 : 11 - rest) === Number(number.at(-1));
}

const rfcAlphabet = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";

/** Mexican RFC: the last character checks the others, modulo 11 with `A` for 10 (SAT, anexo III). */
export function hasRfcDigit(number: string): boolean {
  const body = number.slice(0, -1).padStart(12, " ");
  let sum = 0;
  for (let place = 0; place < 12; place++) {
    sum += rfcAlphabet.indexOf(body[place] ?? " ") * (13 - place);
  }
  return "0123456789A"[(11 - (sum % 11)) % 11] === number.at(-1);
}

/** Russian OGRN (13 digits) and OGRNIP (15): the number before the last digit, modulo 11 or 13. */
export function hasOgrnDigit(number: string): boolean {
  const body = BigInt(number.slice(0, -1));
  return Number(body % BigInt(number.length - 2)) % 10 === Number(number.at(-1));
}

/** Kazakh BIN: weights 1-11 modulo 11, and 3-11, 1, 2 where that gives 10; 10 again is not issued. */
export function hasBinDigit(number: string): boolean {
  const first = weightedSum(number, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
  const digit = first < 10 ? first : weightedSum(number, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
  return digit === Number(number[11]);
}

/** Azerbaijani VÖEN: the ninth digit checks the first eight, modulo 11; 10 is not issued. */
export const hasVoenDigit = (number: string): boolean =>
  weightedSum(number, [4, 1, 8, 6, 2, 7, 5, 3]) % 11 === Number(number[8]);

/** Salvadoran NIT: one rule for sequence numbers up to 100, another for those after. */
export function hasNitDigit(number: string): boolean {
  const isOld = Number(number.slice(10, 13)) <= 100;
  const old = (weightedSum(number, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10;
  const rest = weightedSum(number, [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (isOld ? old : ((11 - rest) % 11) % 10) === Number(number[13]);
}

/** Latvian personal code: weights, 1 added, modulo 11, modulo 10 (VIES number algorithms). */
export const hasLatvianPersonDigit = (number: string): boolean =>
  ((1 + weightedSum(number, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10 === Number(number[10]);

/** Slovenian matična številka: weights 7-2, 11 minus the remainder; 10 is written 0, 11 never issued. */
export function hasSlovenianEntityDigit(number: string): boolean {
  const digit = 11 - (weightedSum(number, [7, 6, 5, 4, 3, 2]) % 11);
  return (digit === 10 ? 0 : digit) === Number(number[6]);
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const usccWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Chinese unified social credit code: 31 minus the weighted sum modulo 31 (GB 32100-2015). */
export function hasUsccDigit(number: string): boolean {
  let sum = 0;
  for (const [place, weight] of usccWeights.entries()) {
    sum += usccAlphabet.indexOf(number[place] ?? "0") * weight;
  }
  return usccAlphabet[(31 - (sum % 31)) % 31] === number[17];
}

/** Ecuadorian RUC of a public body: the first nine digits, weights 3-1, divide by 11. */
export const hasEcuadorianPublicDigit = (number: string): boolean =>
  weightedSum(number, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Ecuadorian RUC of a company: the first ten digits, weights 4-1, divide by 11. */
export const hasEcuadorianCompanyDigit = (number: string): boolean =>
  weightedSum(number, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Uruguayan RUT: weights 4-2 and 9-2 modulo 11; 10 is not issued (DGI). */
export const hasUruguayanDigit = (number: string): boolean =>
  (11 - (weightedSum(number, [4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(number[11]);
