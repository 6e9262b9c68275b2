import { describe, expect, it } from "vitest";
import type { Screen, Threat } from "../../../lib/business-data/screen.ts";
import { validateBusinessData } from "../../../lib/business-data/validate-business-data.ts";
import { Problem } from "../../../lib/problem.ts";

const nothingFound: Screen = () => ({ threats: [], riskScore: 0 });

const attackAt = (pointer: string): Threat => ({
  type: "sql_injection",
  confidence: 0.99,
  pointer,
  place: "value",
  start: 0,
  end: 4,
  reasons: ["a reason"],
});

const findingAt =
  (pointer: string, riskScore = 90): Screen =>
  () => ({ threats: [attackAt(pointer)], riskScore });

const check = (data: Record<string, unknown>, screen = nothingFound) =>
  validateBusinessData(data, { screen });

const german = {
  country: "DE",
  legalName: "Rohrwerk Heidelberg GmbH",
  registrationNumber: "HRB 12345",
  taxId: "DE136695976",
  lei: "506700GE1G29325QX363",
  email: "anna.becker@rohrwerk.de",
  phone: "06221 540",
  website: "https://www.rohrwerk.de/",
  iban: "DE89370400440532013000",
  address: { street: "Hauptstr. 1", postalCode: "69117", city: "Heidelberg" },
};

describe("a sound profile", () => {
  it("is valid in every field, scores 100 and is a low risk", () => {
    const verdict = check(german);
    expect(verdict).toMatchObject({
      valid: true,
      inconsistencies: [],
      threats: [],
      securityScore: 100,
      riskLevel: "low",
    });
    expect(verdict.fields["phone"]?.normalized).toBe("+496221540");
    expect(verdict.fields["address/postalCode"]?.evidence).toBe("format");
  });

  it("may nest its contact, as a sign-up does", () => {
    const { fields } = check({
      country: "GB",
      contact: { email: "jo@acme.co.uk", phone: "020 7946 0958" },
    });
    expect(fields["contact/phone"]?.normalized).toBe("+442079460958");
    expect(fields["contact/email"]?.valid).toBe(true);
  });

  it("reads an address of another country by that country's rules", () => {
    const { fields, inconsistencies } = check({
      ...german,
      address: { country: "FR", postalCode: "75001" },
    });
    expect(fields["address/postalCode"]).toMatchObject({ valid: true, normalized: "75001" });
    expect(inconsistencies).toEqual([
      { code: "address-country-differs", fields: ["country", "address/country"] },
    ]);
  });
});

describe("a field", () => {
  it("that is wrong makes the whole invalid and lowers the score", () => {
    const verdict = check({ ...german, taxId: "DE136695975" });
    expect(verdict.valid).toBe(false);
    expect(verdict.fields["taxId"]?.code).toBe("invalid-check-digit");
    expect(verdict.securityScore).toBe(80);
  });

  it.each([
    ["null", null, "empty"],
    ["an empty text", "", "empty"],
    ["white space", " \t ", "empty"],
    ["a number", 136695976, "wrong-type"],
    ["a list", ["DE136695976"], "wrong-type"],
    ["an object", { $ne: null }, "wrong-type"],
    ["too long", "1".repeat(65), "too-long"],
  ])("that holds %s is refused as %s", (_, taxId, code) => {
    expect(check({ country: "DE", taxId }).fields["taxId"]).toMatchObject({ valid: false, code });
  });

  it("that nobody knows is valid, named as unknown, and screened", () => {
    const seen: unknown[] = [];
    const data = { ...german, favouriteColour: "red" };
    const verdict = check(data, (value) => {
      seen.push(value);
      return { threats: [], riskScore: 0 };
    });
    expect(verdict.fields["favouriteColour"]).toEqual({
      valid: true,
      evidence: "none",
      code: "unknown-field",
    });
    expect(seen).toEqual([data]);
  });

  it("that nobody knows costs little, however many there are", () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`note${at}`, "red"]));
    expect(check({ ...german, ...many })).toMatchObject({ valid: true, riskLevel: "low" });
  });

  it.each(["contact", "address"])("%s that is no object is refused as such", (name) => {
    expect(check({ ...german, [name]: ["Anna"] }).fields[name]?.code).toBe("wrong-type");
  });

  it("that fits nothing its country has is told what would have fitted", () => {
    const { fields } = check({ country: "BR", taxId: "12-3456789", postalCode: "2139" });
    expect(fields["taxId"]?.expected).toEqual(["BR CNPJ", "BR CPF"]);
    expect(fields["postalCode"]?.expected).toEqual(["#####-###"]);
  });

  it("claims a check digit as evidence only where there is one", () => {
    const { fields } = check({ ...german, licenseNumber: "DE-MF-000012345" });
    expect(fields["licenseNumber"]).toMatchObject({ valid: true, evidence: "format" });
  });

  it("called like an object's own machinery is a field like any other", () => {
    const data = JSON.parse('{"country":"DE","__proto__":{"x":1},"constructor":"y"}');
    const { fields } = check(data);
    expect(Object.keys(fields).toSorted()).toEqual(["__proto__", "constructor", "country"]);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });

  it("cannot hide another one behind a name with a slash", () => {
    const { valid, fields } = check({
      ...german,
      address: { postalCode: "wrong" },
      "address/postalCode": "69117",
    });
    expect(valid).toBe(false);
    expect(fields["address/postalCode"]?.valid).toBe(false);
    expect(fields["address~1postalCode"]?.code).toBe("unknown-field");
  });
});

describe("the country", () => {
  it("must be there", () => {
    const { country: _, ...rest } = german;
    const verdict = check(rest);
    expect(verdict.valid).toBe(false);
    expect(verdict.fields["country"]).toMatchObject({ valid: false, code: "missing" });
  });

  it("that is unknown leaves numbers without a rule, not without a verdict", () => {
    const { fields } = check({ country: "ZZ", taxId: "123456789", postalCode: "12345" });
    expect(fields["country"]?.code).toBe("unknown-country");
    expect(fields["taxId"]?.code).toBe("format-unknown");
    expect(fields["postalCode"]?.code).toBe("format-unknown");
  });

  it.each([
    ["phone", "+442079460958", "phone-country-differs"],
    ["vatId", "FR40303265045", "vat-country-differs"],
    ["licenseNumber", "FR-MF-000012345", "license-country-differs"],
    ["iban", "GB29NWBK60161331926819", "iban-country-differs"],
    ["bic", "AGRIFRPP882", "bic-country-differs"],
  ])("is compared with the one in %s", (field, value, code) => {
    const verdict = check({ ...german, [field]: value });
    expect(verdict.valid).toBe(true);
    expect(verdict.inconsistencies).toEqual([{ code, fields: ["country", field] }]);
    expect(verdict.securityScore).toBe(92);
  });

  it("is not contradicted by numbers that neighbours share", () => {
    const monaco = { country: "MC", vatId: "FR53000004605" };
    const liechtenstein = { country: "LI", vatId: "CHE-100.155.212" };
    const canada = { country: "CA", phone: "+1 202 456 1111" };
    const greece = { country: "GR", vatId: "EL094259216" };
    const belfast = { country: "GB", vatId: "XI980780684" };
    for (const data of [monaco, liechtenstein, canada, greece, belfast]) {
      expect(check(data)).toMatchObject({ valid: true, inconsistencies: [] });
    }
  });
});

describe("an attack", () => {
  it.each([
    ["in a known field", "/taxId", "taxId"],
    ["below a known field", "/taxId/$ne", "taxId"],
    ["in a member of a group", "/address/city", "address/city"],
    ["in a field nobody knows", "/note~1s", "note~1s"],
  ])("%s refuses that field without its value and the whole", (_, pointer, field) => {
    const verdict = check({ ...german, "note/s": "x" }, findingAt(pointer));
    expect(verdict.valid).toBe(false);
    expect(verdict.fields[field]).toEqual({ valid: false, evidence: "none", code: "attack" });
    expect(verdict.threats).toEqual([attackAt(pointer)]);
    expect(verdict.riskLevel).toBe("critical");
  });

  it("is found by the product's own detector where no other screen is given", () => {
    const note = "' OR 1=1 UNION SELECT password FROM users --";
    expect(validateBusinessData({ ...german, note }).fields["note"]?.code).toBe("attack");
    expect(validateBusinessData(german)).toMatchObject({ valid: true, securityScore: 100 });
  });

  it("in no field at all, a key for instance, refuses the whole", () => {
    expect(check(german, findingAt("/address")).valid).toBe(false);
  });

  it("does not touch a field whose name merely starts the same", () => {
    const { fields } = check({ ...german, tax: "x" }, findingAt("/tax"));
    expect(fields["taxId"]?.valid).toBe(true);
  });

  it("limits the score to what the screen leaves", () => {
    expect(check(german, findingAt("/x", 55)).securityScore).toBe(45);
  });

  it("that the screen only suspects costs nothing", () => {
    const suspects: Screen = () => ({ threats: [], riskScore: 39 });
    expect(check(german, suspects).securityScore).toBe(100);
  });

  it("cannot pass because there was too much to screen", () => {
    const screen: Screen = () => {
      throw new Problem("body-too-large");
    };
    expect(() => check(german, screen)).toThrow(Problem);
  });
});
