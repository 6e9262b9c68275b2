import { describe, expect, it } from "vitest";
import { detectThreat } from "../../../lib/threats/detect-threat.ts";

/** Texts that made users of other filters switch them off, by what they are. */
const COMPLAINTS: Readonly<Record<string, readonly string[]>> = {
  "names and unions": [
    "Manufacturing Workers' Union (MMWS)",
    "O'Brien & Sons; L'Oréal",
    "Ladies' Night; Girls' or Boys' sizes",
    "Union, Select & Drop: Sons' Table Co.",
    "Union Select Ltd",
    "Alert (UK) Ltd",
    "ALERT (M) SDN BHD",
    "Prompt (Holdings) Ltd",
    "Confirm (Europe) GmbH",
    "Eval (UK) Ltd",
    "System (India) Pvt Ltd",
  ],
  addresses: [
    "2104 GRANT AVE #A",
    "100 Union St.",
    "Toronto, ON, Canada - (YYZ)",
    "P.O. Box 12; Dock 3 -- Gate B",
  ],
  "units, dates and numbers": [
    "Rate is 0.02/min (EU)",
    "TEST 0001 - (09/07/2025)",
    "123--567890",
    "1)c",
    '5\' 6" tall, 3/8"-16 x 2" hex bolt',
    'tolerance +0.000/-0.005"',
    '3/4" union -- select grade; 1" = 25.4 mm',
    '#10-32 x 1/2" screw; #8 or #10',
  ],
  prose: [
    "4. Select Medicare Plan and send it to us before the end of the year",
    "select",
    "time sure flies when you are having fun!",
    '"Select Album"',
    "| Watch",
    "time and command",
    "Join us -- booth #214!",
    "select size from the list, then order by phone or e-mail",
    "1 or 2 pcs",
    "x > 5 and y < 10",
  ],
  catalogue: [
    'UNION, 1/2" NPT; SELECT grade -- DROP forged',
    "Drop table, chair set & insert tray",
    "insert (threaded), M6 x 1.0; delete from list if unused",
    '"A" or "B" grade; 1/2" or 3/4"',
    "Set screw, hex; cast iron; group head (E61)",
    "cat. no. 5-1234; ls 12; id tag",
    "Hardwood handles; ash, hickory or beech",
    "ID & OD ground, R & D sample",
  ],
  "talk about code": [
    "The function alert() shows a dialog",
    "JavaScript: The Good Parts",
    "mysql - count rows where column = 'value' or column is null",
    "java.lang.NullPointerException at com.example.App.main(App.java:12)",
    "require('express')",
    "process.env.NODE_ENV",
    "std::vector<std::string> names;",
    "How does grep -v work on a list of files?",
    "the list in src/* and @scope/*",
    "ldap://ldap.example.com:389/dc=example,dc=com",
    "Insert 'A' into slot 'B'; then tighten",
    "10' x 12' -- $499",
  ],
  "lists of goods": [
    "Poultry; live, geese, weighing less than 185g",
    "Steel, stainless; flat-rolled, width less than 600mm",
    "<p>&bull; Split pocket.<br />&bull; Machine wash.</p>",
  ],
  "links, paths and markup": [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">',
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA",
    '<a href="/wiki/Ontology_(information_science)" title="Ontology">Ontology</a>',
    "/altersvorsorge/",
    '<a href="/privacy-policy/">',
    '<p style="color:red">Größe <b>1/2"</b> &amp; mehr</p>',
    '<ul class="specs"><li>Ø 12 mm</li><li>IP67</li></ul>',
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0//EN" "http://www.w3.org/TR/REC-html40/strict.dtd">\n<html><head><meta name="qrichtext" content="1" /><style type="text/css">\np, li { white-space: pre-wrap; }\n</style></head><body style=" font-size:9pt;"><p style=" margin-top:0px;">Capacitor, 100 nF</p></body></html>',
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>Valve</title></head><body><p>Ball valve</p></body></html>',
    "/usr/bin/terraform",
    "C:\\Drawings\\2024\\part-12.dwg",
    "https://example.com/catalog?id=1&cat=2#top",
    "python3 -m venv .venv",
    '{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/x"}',
  ],
};

describe("text that other filters stumble over passes", () => {
  for (const [kind, texts] of Object.entries(COMPLAINTS)) {
    it.each(texts)(`${kind}: %s`, (text) => {
      expect(detectThreat(undefined, { description: text }).findings).toEqual([]);
    });
  }

  it("keys of JSON Schema are data, not operators", () => {
    const schema = {
      $schema: "https://json-schema.org/draft",
      $ref: "#/$defs/a",
      $id: "x",
      $defs: {},
      $comment: "n",
    };

    expect(detectThreat(undefined, schema).threat).toBe(false);
  });
});
