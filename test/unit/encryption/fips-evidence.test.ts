import { spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { collectFipsEvidence, judge } from "../../../lib/encryption/fips-evidence.ts";

const source = join(import.meta.dirname, "../../../lib/encryption/fips-evidence.ts");

describe("FIPS evidence", () => {
  it("is `off` in a process that nobody configured", () => {
    expect(collectFipsEvidence({})).toMatchObject({
      state: "off",
      isFlagSet: false,
      doApprovedWork: true,
      areOthersRefused: false,
    });
  });

  it("is `flag-only-broken` where the flag is set and the validated module is absent", () => {
    const program = `
      import { setFips } from "node:crypto";
      const { collectFipsEvidence } = await import(${JSON.stringify(source)});
      setFips(true);
      console.log(JSON.stringify(collectFipsEvidence({ readModule: () => new Uint8Array(8) })));
    `;
    const arguments_ = ["--input-type=module", "--no-warnings", "--eval", program];
    const { stdout } = spawnSync(process.execPath, arguments_, { encoding: "utf8" });
    expect(JSON.parse(stdout)).toMatchObject({
      state: "flag-only-broken",
      isFlagSet: true,
      doApprovedWork: false,
    });
  });

  it.each([
    [
      "off",
      { isFlagSet: false, doApprovedWork: true, areOthersRefused: true, isDeclaredModule: true },
    ],
    [
      "flag-only-broken",
      { isFlagSet: true, doApprovedWork: false, areOthersRefused: true, isDeclaredModule: true },
    ],
    [
      "flag-only-broken",
      { isFlagSet: true, doApprovedWork: true, areOthersRefused: false, isDeclaredModule: true },
    ],
    [
      "provider-active-unverified",
      { isFlagSet: true, doApprovedWork: true, areOthersRefused: true, isDeclaredModule: false },
    ],
    [
      "provider-matches-declared-certificate",
      { isFlagSet: true, doApprovedWork: true, areOthersRefused: true, isDeclaredModule: true },
    ],
  ] as const)("is `%s` when %j", (state, found) => {
    expect(judge(found)).toBe(state);
  });

  it("names the module that was found and says that FIPS 140-2 is over", () => {
    const module = Buffer.from("a module");
    const declared = {
      certificate: "#1",
      standard: "FIPS 140-2",
      moduleSha256: hash("sha256", module),
    } as const;
    const evidence = collectFipsEvidence({ readModule: () => module, declared });
    expect(evidence).toMatchObject({
      moduleSha256: declared.moduleSha256,
      declared,
      isCertificateSunset: true,
    });
    const current = { ...declared, standard: "FIPS 140-3" } as const;
    expect(collectFipsEvidence({ declared: current }).isCertificateSunset).toBe(false);
  });

  it("never says that anything is compliant", () => {
    const text = JSON.stringify(collectFipsEvidence({}));
    expect(text).not.toMatch(/compliant/i);
    expect(collectFipsEvidence({}).caveats.join()).toMatch(/initialization vector/);
  });
});
