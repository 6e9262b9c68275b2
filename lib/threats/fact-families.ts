import { FACT_SPACE, Fact } from "./fact-names.ts";
import { THREAT_TYPES } from "./threat-type.ts";

/** First fact of each family, in the order of the model's heads, then obfuscation. */
const FAMILY_STARTS = [
  Fact.unionSelect,
  Fact.activeTag,
  Fact.mongoKey,
  Fact.separatorCommand,
  Fact.oneLayer,
];
/** Facts that ordinary text has as well: they weigh, but no window is scored for them. */
const ORDINARY_FACTS = new Set<number>([
  Fact.plainTag,
  Fact.plainAttribute,
  Fact.unknownTag,
  Fact.sinkMention,
  Fact.commandInProse,
  Fact.staticCall,
  Fact.shellPath,
  Fact.binaryPath,
  Fact.interpreterOption,
  Fact.runtimeName,
  Fact.sqlCall,
]);
const NOSQL = THREAT_TYPES.indexOf("nosql_injection");
const SCRIPT = THREAT_TYPES.indexOf("script_injection");

/** Feature number of each family: set when any fact of the family holds. */
export const FAMILY_FEATURES = FAMILY_STARTS.map((_, family) => FACT_SPACE - 1 - family);

/** Bit `1 << family` for each family a fact belongs to. */
export const FAMILIES_OF_FACT = new Uint8Array(FACT_SPACE);
for (let fact = 0; fact < FACT_SPACE; fact++) {
  const family = FAMILY_STARTS.findLastIndex((start) => fact >= start);
  if (!ORDINARY_FACTS.has(fact)) FAMILIES_OF_FACT[fact] = 1 << family;
}
// Polluting a prototype is an attack on queries and on code alike.
FAMILIES_OF_FACT[Fact.pollutionKey] = (1 << NOSQL) | (1 << SCRIPT);
