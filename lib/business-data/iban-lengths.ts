/** Length of an IBAN by country: the SWIFT IBAN registry, release 101, grouped by length. */
const lengths = `
15 NO;16 BE;18 DK FI FK FO GL NL SD;19 MK SI;20 AT BA EE KZ LT LU MN XK;21 CH HR LI LV
22 BG BH CR DE GB GE IE ME RS VA;23 AE GI IL IQ OM SO TL;24 AD CZ ES MD PK RO SA SE SK TN VG
25 LY PT ST;26 IS TR;27 BI DJ FR GR IT MC MR SM;28 AL AZ BY CY DO GT HN HU LB NI PL SV
29 BR EG PS QA UA;30 JO KW MU YE;31 MT SC;32 LC;33 RU
`;

export const ibanLengths: ReadonlyMap<string, number> = new Map(
  lengths
    .trim()
    .split(/[;\n]/)
    .flatMap((group): [string, number][] => {
      const [length, ...countries] = group.split(" ");
      return countries.map((country) => [country, Number(length)]);
    }),
);

/** Territories whose banks give out the IBANs of another country (same registry). */
const ibansOfAnother: Readonly<Record<string, string>> = {
  ...{ AX: "FI", GG: "GB", IM: "GB", JE: "GB" },
  ...{ BL: "FR", GF: "FR", GP: "FR", MF: "FR", MQ: "FR", NC: "FR", PF: "FR" },
  ...{ PM: "FR", RE: "FR", TF: "FR", WF: "FR", YT: "FR" },
};

/** The country code that IBANs of a country start with. */
export const ibanCountryOf = (country: string): string => ibansOfAnother[country] ?? country;
