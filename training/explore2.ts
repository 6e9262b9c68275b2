import { readRows } from "./read-rows.ts";
import { judge } from "./evaluate.ts";
import { loadModel } from "../lib/threats/model.ts";
import { THREAT_TYPES } from "../lib/threats/threat-type.ts";
const REPORT = new Set(["jacoxu/StackOverflow","magento/magento2-sample-data","LOLBAS-Project/LOLBAS","RenwaX23/XSS-Payloads","babywyrm/sysadmin","1N3/IntruderPayloads","hanselke/kaizen","djbn65/CS4096InverntoryProjectManagement","pgaijin66/XSS-Payloads"]);
const rows = readRows("/work/shared/data/threats").filter(r=>!r.isPermissive && !REPORT.has(r.source));
const judged = judge(loadModel(), rows.map(({text,label,also,source})=>({text,label,source,types:[label,...also].filter(t=>!t.startsWith("benign"))})));
for (const T of [.3,.5,.6,.7,.8,.9,.95,.98,.99]) {
  const any=(l:string)=>{const g=judged.filter(j=>j.label===l); const n=g.filter(j=>j.confidences.some(c=>c>=T)).length; return `${n}/${g.length}=${(100*n/g.length).toFixed(3)}%`;};
  const rec=THREAT_TYPES.map((t,h)=>{const g=judged.filter(j=>j.types.includes(t)); return (g.filter(j=>j.confidences[h]!>=T).length/g.length).toFixed(4)}).join(" ");
  console.log(T, "plain", any("benign"), "hard", any("benign_hard"), "recall", rec);
}
const T = Number(process.env["T"] ?? 0.8);
let n=0; for (const j of judged) if (!j.types.length && j.confidences.some(c=>c>=T) && n++<80) console.log(j.source.slice(0,12), j.label, j.confidences.map(c=>c.toFixed(2)).join(","), JSON.stringify(j.text.slice(0,170)));
