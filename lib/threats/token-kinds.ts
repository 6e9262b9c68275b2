const NAMES = [
  "end",
  // Prose and values
  "word", "phrase", "number", "hex", "part", "identifier", "url",
  // Quotes by what stands around them: a closing quote after a digit is also an inch or foot mark
  "singleAfterDigit", "singleClose", "singleOpen", "singleOther",
  "doubleAfterDigit", "doubleClose", "doubleOpen", "doubleOther",
  "emptyString", "attributeQuote", "backtick",
  // Punctuation
  "semicolon", "colon", "comma", "dot", "parenOpen", "parenClose", "bracketOpen", "bracketClose",
  "braceOpen", "braceClose", "less", "greater", "assign", "equality", "compare", "plus", "minus",
  "dashes", "star", "slash", "slashes", "percent", "and", "andAnd", "pipe", "pipePipe", "bang",
  "question", "at", "atAt", "hash", "dollar", "backslash", "caret", "tilde", "arrow", "shift",
  "commentOpen", "commentClose", "markupComment", "newline", "other",
  // Template, shell and server-page delimiters
  "dollarBrace", "dollarParen", "hashBrace", "doubleBraceOpen", "doubleBraceClose", "blockOpen",
  "blockClose", "pageOpen", "pageClose", "phpOpen", "parentPath",
  // Markup
  "tagPlain", "tagActive", "tagUnknown", "closePlain", "closeActive", "handler", "urlAttribute",
  "riskyAttribute", "scriptScheme",
  // SQL
  "logic", "not", "select", "union", "all", "from", "where", "orderGroup", "by", "limit", "join",
  "change", "define", "object", "into", "values", "set", "execute", "like", "nil", "caseWord",
  "as", "sqlFunction", "sqlTime", "sqlMeta", "sqlType",
  // Code
  "sink", "browserObject", "browserProperty", "codeWord", "mongo", "prototype", "codeExecution",
  "runtime", "templateObject", "dunder", "interpreter", "command", "weakCommand", "sensitivePath",
  "jndi", "superglobal", "databaseObject", "binarySuffix",
] as const;

/** Name of a token kind. */
export type KindName = (typeof NAMES)[number];

/** Token kinds as small integers: the alphabet of the token n-grams, so the order is the model's. */
export const Kind = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Readonly<
  Record<KindName, number>
>;

export const KIND_COUNT = NAMES.length;

/** Traits a word has besides its kind, as bits: `form` is a tag, `sleep` also a shell command. */
export const Trait = {
  stop: 1,
  activeTag: 2,
  plainTag: 4,
  command: 8,
  strongCommand: 16,
  functionName: 32,
  connective: 64,
  sql: 128,
  mongo: 256,
  trigger: 512,
  joined: 1024,
  afterComment: 2048,
  spaceBefore: 4096,
  inTag: 8192,
} as const;
