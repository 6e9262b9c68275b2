import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "esbuild";

/** Data that some bundles carry whole, most of it read by few invocations or by none. */
const dataModules =
  /(disposable_email_blocklist\.json|metadata\.max\.json\.js|(passwords|diceware|commonWords|firstnames)\.json\.mjs|breached-passwords\.json|docs\/openapi\.json)$/;

/**
 * Puts large data modules into a bundle as compressed text: a string is skipped where a literal has to
 * be parsed, and takes a fraction of its bytes.
 */
export const compressedData: Plugin = {
  name: "compressed-data",
  setup({ onLoad }) {
    onLoad({ filter: dataModules }, async ({ path }) => {
      const isJson = path.endsWith(".json");
      const data: unknown = isJson
        ? JSON.parse(await readFile(path, "utf8"))
        : (await import(pathToFileURL(path).href)).default;
      return { contents: toModule(JSON.stringify(data), isJson), loader: "js" };
    });
  },
};

/** JSON may be required as well as imported, so it stays a CommonJS module. */
function toModule(text: string, isCommonJs: boolean): string {
  const compressed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    },
  }).toString("base64");
  const [importZlib, exported] = isCommonJs
    ? ['const zlib = require("node:zlib");', "module.exports ="]
    : ['import zlib from "node:zlib";', "export default"];
  return `${importZlib}
${exported} JSON.parse(zlib.brotliDecompressSync(Buffer.from("${compressed}", "base64")).toString());`;
}
