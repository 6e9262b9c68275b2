import { createRequire } from "node:module";
import { disposableEmailBlocklist } from "disposable-email-domains-js";
import { build } from "esbuild";
import { expect, test } from "vitest";
import openapi from "../../docs/openapi.json" with { type: "json" };
import { compressedData } from "../../infra/compressed-data.ts";
import model from "../../lib/threats/model.json" with { type: "json" };

const entry = `
  export { disposableEmailBlocklist } from "disposable-email-domains-js";
  export { dictionary } from "@zxcvbn-ts/language-common";
  export { default as numberingPlans } from "./node_modules/libphonenumber-js/metadata.max.json.js";
  export { default as openapi } from "./docs/openapi.json";
  export { default as model } from "./lib/threats/model.json";
`;

/** What a bundle of the entry exports, and how many bytes it has. */
async function bundle(isCompressed: boolean) {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: new URL("../..", import.meta.url).pathname },
    bundle: true,
    minify: true,
    format: "cjs",
    platform: "node",
    write: false,
    mainFields: ["module", "main"],
    plugins: isCompressed ? [compressedData] : [],
  });
  const text = outputFiles[0]?.text ?? "";
  const module = { exports: {} as Record<string, unknown> };
  new Function("module", "require", text)(module, createRequire(import.meta.url));
  return { bytes: text.length, exported: { ...module.exports } };
}

test("data that is carried compressed is read as it was, and takes half the bytes", async () => {
  const [plain, compressed] = await Promise.all([bundle(false), bundle(true)]);
  expect((plain.exported["disposableEmailBlocklist"] as () => unknown)()).toEqual(
    disposableEmailBlocklist(),
  );
  const { disposableEmailBlocklist: list, ...rest } = compressed.exported;
  expect((list as () => unknown)()).toEqual(disposableEmailBlocklist());
  expect(rest).toMatchObject({ openapi, model });
  for (const name of ["dictionary", "numberingPlans"]) {
    expect(rest[name]).toEqual(plain.exported[name]);
  }
  expect(compressed.bytes).toBeLessThan(plain.bytes / 2);
});
