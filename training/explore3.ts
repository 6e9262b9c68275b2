import { readRows } from "./read-rows.ts";
import { examplesOfRows, showsFact } from "./build-examples.ts";
const rows = readRows("/work/shared/data/threats").filter(r=>!r.label.startsWith("benign") && r.source!=="pralab/modsec-learn-dataset");
const ex = examplesOfRows(rows).filter(e=>!showsFact(e));
const by: Record<string, string[]> = {};
for (const e of ex) (by[e.label+" "+e.source] ??= []).push(e.text);
for (const [k,v] of Object.entries(by)) { console.log("##", k, v.length); const step=Math.max(1,Math.floor(v.length/Number(process.env["N"]??14))); v.filter((_,i)=>i%step===0).forEach(t=>console.log("   ", JSON.stringify(t.slice(0,130)))); }
