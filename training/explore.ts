// Scratch driver for development
import { readRows, type Row } from "./read-rows.ts";
import { examplesOfRows, hiddenCopies, generatedAttacks, generatedBenign, punctuatedCopies, showsFact, type Example } from "./build-examples.ts";
import { fitHeads, scoreExample } from "./fit-heads.ts";
import { RandomSource } from "./generate/random-source.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
const t0 = Date.now();
const log = (s: string) => console.log(`[${((Date.now()-t0)/1000).toFixed(1)}s] ${s}`);
const rows = readRows(process.argv[2] ?? "../shared/data/threats");
const permissive = rows.filter(r => r.isPermissive);
const held = rows.filter(r => !r.isPermissive);
const REPORT = new Set(["jacoxu/StackOverflow","magento/magento2-sample-data","LOLBAS-Project/LOLBAS","RenwaX23/XSS-Payloads","babywyrm/sysadmin","1N3/IntruderPayloads","hanselke/kaizen","djbn65/CS4096InverntoryProjectManagement","pgaijin66/XSS-Payloads"]);
const r = new RandomSource(7);
const NA = Number(process.env["NA"] ?? 6000), NB = Number(process.env["NB"] ?? 30000);
const base = examplesOfRows(permissive);
log("rows " + base.length);
const hidden = hiddenCopies(permissive, 0.35, r);
const punct = punctuatedCopies(permissive, 0.5, r);
const attacks = generatedAttacks(NA, r);
const benign = generatedBenign(NB, r);
log("gen");
const all = [...base, ...hidden, ...punct, ...attacks, ...benign].filter(showsFact);
const dev = examplesOfRows(held.filter(x => !REPORT.has(x.source)));
log("dev " + dev.length);
function fit(ex: Example[]) { return fitHeads(ex, { epochs: 6, seed: 3 }); }
const show = process.env["SHOW"] ?? "";
function evaluate(name: string, heads: ReturnType<typeof fit>, test: Example[], cut: number) {
  const by = new Map<string, Example[]>();
  for (const e of test) { const k = e.label + " " + e.source; by.set(k, [...(by.get(k) ?? [])].concat([])); }
  by.clear();
  for (const e of test) { const k = e.label + " | " + e.source; let l = by.get(k); if (!l) by.set(k, l = []); l.push(e); }
  for (const [k, list] of [...by].sort()) {
    let hit = 0, any = 0; const misses: string[] = [];
    for (const e of list) {
      const s = THREAT_TYPES.map((_, h) => scoreExample(heads, e.windows, h));
      const isAny = s.some(x => x > cut);
      if (isAny) any++;
      const own = e.types.some(t => s[THREAT_TYPES.indexOf(t)]! > cut);
      if (own) hit++;
      if (e.types.length ? !own : isAny) misses.push(s.map(x=>x.toFixed(1)).join(",") + "  " + JSON.stringify(e.text.slice(0, 150)));
    }
    console.log(`${name} ${k} n=${list.length} own=${(hit/list.length).toFixed(4)} any=${(any/list.length).toFixed(4)}`);
    if (show && k.includes(show)) for (const m of misses.slice(0, Number(process.env["N"] ?? 30))) console.log("    " + m);
  }
}
if (process.env["MODE"] === "loso") {
  for (const src of (process.env["SRC"] ?? "").split(",")) {
    const h = fit(all.filter(e => e.source !== src));
    evaluate("LOSO", h, base.filter(e => e.source === src), 0);
  }
} else {
  const h = fit(all);
  log("fit");
  evaluate("dev", h, dev, 0);
  if (process.env["TRAINSET"]) evaluate("train", h, base, 0);
  const devScores = dev.filter(e=>e.types.length===0);
  for (const cut of [-1,0,1,2]) { let hard=0,nh=0,pl=0,np=0; for(const e of devScores){ const any=THREAT_TYPES.some((_,k)=>scoreExample(h,e.windows,k)>cut); if(e.label==="benign"){np++; if(any)pl++;} else {nh++; if(any)hard++;} } console.log(`cut ${cut}: plain ${pl}/${np} hard ${hard}/${nh}`); }
  const { FACT_NAMES } = await import("../lib/threats/fact-names.ts");
  if (process.env["FACTS"]) FACT_NAMES.forEach((n,i)=>console.log(n.padEnd(24), [0,1,2,3].map(k=>h.weights[i*4+k]!.toFixed(2).padStart(7)).join("")));
}
log("done");
