/** Word lists of the package, one at a time: its index loads twice as many as are needed. */
declare module "@zxcvbn-ts/language-en/dist/*.json.mjs" {
  const words: string[];
  // biome-ignore lint/style/noDefaultExport: the package's own export
  export default words;
}
