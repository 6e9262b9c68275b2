import { readRows } from "./read-rows.ts";
import { judge } from "./evaluate.ts";
import { loadModel } from "../lib/threats/model.ts";
const rows = readRows("/work/shared/data/threats").filter(r=>r.label==="script_injection" && ["swisskyrepo/PayloadsAllTheThings","Morzeux/HttpParamsDataset","0dayCTF/reverse-shell-generator","GTFOBins/GTFOBins.github.io","tennc/webshell","fuzzdb-project/fuzzdb","wooshus/IPSEC-Cheatsheets","WebSec-ext/DataSet"].includes(r.source));
const j = judge(loadModel(), rows.map(({text,label,also,source})=>({text,label,source,types:[label,...also]})));
const miss = j.filter(x=>x.confidences[3]!<0.5); console.log(miss.length, j.length);
miss.filter((_,i)=>i%2===0).forEach(m=>console.log(m.source.slice(0,6), m.confidences.map(c=>c.toFixed(2)).join(","), JSON.stringify(m.text.slice(0,120))));
