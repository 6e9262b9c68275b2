import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dependenciesOf, isCompatible } from "../../local/licence-page.ts";

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
const dependencies = dependenciesOf(read("package-lock.json"));

const withLicense = (license: string, isShipped: boolean) => ({
  name: "any",
  version: "1.0.0",
  license,
  isShipped,
});

describe("licences", () => {
  it("of all dependencies are compatible with how we use them", () => {
    expect(dependencies.length).toBeGreaterThan(100);
    expect(dependencies.filter((dependency) => !isCompatible(dependency))).toEqual([]);
  });

  it("count what package.json depends on as shipped", () => {
    const shipped = dependencies.filter(({ isShipped }) => isShipped).map(({ name }) => name);
    expect(shipped).toEqual(expect.arrayContaining(Object.keys(read("package.json").dependencies)));
  });

  it.each([
    ["AGPL-3.0-only", false],
    ["GPL-3.0-or-later", false],
    ["MPL-2.0", true],
    ["MIT AND GPL-2.0-only", true],
    ["none", true],
    ["UNLICENSED", false],
  ])("refuse %s, shipped: %s", (license, isShipped) => {
    expect(isCompatible(withLicense(license, isShipped))).toBe(false);
  });

  it.each([
    ["MPL-2.0", false],
    ["(MIT OR GPL-3.0-or-later)", true],
    ["MIT AND ISC", true],
  ])("accept %s, shipped: %s", (license, isShipped) => {
    expect(isCompatible(withLicense(license, isShipped))).toBe(true);
  });
});
