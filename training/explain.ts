import { canonicalise, createCanonicalText } from "../lib/threats/canonicalise.ts";
import { collectFeatures } from "../lib/threats/collect-features.ts";
import { FACT_NAMES, FACT_SPACE } from "../lib/threats/fact-names.ts";
import { lex } from "../lib/threats/lex.ts";
import { Scene } from "../lib/threats/scene.ts";
import { createTokenList } from "../lib/threats/token-list.ts";
import { Kind } from "../lib/threats/token-kinds.ts";
import { loadModel, UNIT } from "../lib/threats/model.ts";
const names = Object.keys(Kind);
const m = loadModel();
const head = Number(process.argv[2]);
for (const s of process.argv.slice(3)) {
  const t = createCanonicalText(); canonicalise(s, t);
  const k = createTokenList(1000); lex(t, k);
  const sc = new Scene(k); sc.reset(k);
  const ids = new Int32Array(100); let sum = m.biases[head]!/UNIT; const seen = new Set<number>();
  console.log(s, "bias", sum.toFixed(2));
  for (let i=0;i<k.count;i++) { sc.moveTo(i); const n=collectFeatures(t, sc, ids, 0); sc.leave(); let tok=0,gram=0; const facts: string[]=[];
    for (let j=0;j<n;j++) { const id=ids[j]!; if(seen.has(id)) continue; seen.add(id); const w=m.weights[id*4+head]!/UNIT; sum+=w; if(id<FACT_SPACE) facts.push(FACT_NAMES[id]+":"+w.toFixed(2)); else if (id<FACT_SPACE+8192) tok+=w; else gram+=w; }
    console.log("  ", names[k.kinds[i]!]!.padEnd(18), JSON.stringify(String.fromCharCode(...t.codes.subarray(k.starts[i]!, k.ends[i]!))).padEnd(30), "tok", tok.toFixed(2), "gram", gram.toFixed(2), facts.join(" "));
  }
  console.log("  sum", sum.toFixed(2));
}
