import { describe, expect, it } from "vitest";
import { riskScore } from "../../../lib/threats/assess-risk.ts";
import {
  detectThreat,
  getThreatConfidence,
  initialize,
} from "../../../lib/threats/detect-threat.ts";
import type { ThreatType } from "../../../lib/threats/threat-type.ts";
import { THREAT_TYPES } from "../../../lib/threats/threat-type.ts";

const SCRIPT = "<script>alert(1)</script>";
const PROSE = "Stainless elbow, forged and tested before shipping. ";

function firstFinding(data: unknown) {
  const [finding] = detectThreat(undefined, data).findings;
  if (finding === undefined) throw new Error("nothing found");
  return finding;
}

describe("a finding", () => {
  it("points at the field by RFC 6901, escapes included", () => {
    expect(firstFinding({ "a/b": [{ "c~d": SCRIPT }] }).pointer).toBe("/a~1b/0/c~0d");
  });

  it("has offsets into the text as it was sent, not as it was decoded", () => {
    const hidden = encodeURIComponent(encodeURIComponent(SCRIPT));
    const { start, end } = firstFinding(PROSE + hidden);

    expect(start).toBeGreaterThanOrEqual(PROSE.length - 12);
    expect(end).toBe(PROSE.length + hidden.length);
    expect((PROSE + hidden).slice(start, end)).toContain("%253Cscript%253E");
  });

  it("has offsets into the text around base64", () => {
    const hidden = Buffer.from(`x ${SCRIPT} y`).toString("base64");
    const { start, end } = firstFinding(`${PROSE}${hidden} ${PROSE}`);

    expect(start).toBeGreaterThanOrEqual(PROSE.length);
    expect(end).toBeLessThanOrEqual(PROSE.length + hidden.length);
  });

  it("has offsets into a string that is JSON", () => {
    const text = JSON.stringify({ title: "Elbow", note: SCRIPT });
    const { start, end } = firstFinding({ body: text });

    expect(text.slice(start, end)).toContain("<script>");
    expect(start).toBeGreaterThanOrEqual(text.indexOf("<script>"));
  });

  it("names a key as its place, with offsets into the key", () => {
    const finding = firstFinding({ password: { $ne: null } });

    expect(finding).toMatchObject({
      type: "nosql_injection",
      pointer: "/password/$ne",
      place: "key",
      start: 0,
      end: 3,
    });
  });

  it.each(["$where", "password[$gt]", "__proto__", "constructor.prototype.admin", "<script>"])(
    "is made for the key %s",
    (key) => {
      expect(
        detectThreat(
          undefined,
          JSON.parse(JSON.stringify([[key, 1]]).replace(/^\[\[(.*),1\]\]$/, "{$1:1}")),
        ).threat,
      ).toBe(true);
    },
  );

  it("is made for the way to every object's prototype, with offsets into the key", () => {
    const data = JSON.parse('{"constructor":{"prototype":{"isAdmin":true}}}');

    expect(firstFinding(data)).toMatchObject({
      type: "nosql_injection",
      pointer: "/constructor/prototype",
      place: "key",
      start: 0,
      end: "prototype".length,
    });
    expect(detectThreat(undefined, { constructor: "Bauwerk", prototype: "P-3" }).threat).toBe(
      false,
    );
  });

  it("gives at least one reason, in words", () => {
    expect(firstFinding("1' OR '1'='1").reasons.length).toBeGreaterThan(0);
  });
});

describe("the verdict", () => {
  it("sets threat exactly when the confidence reaches the threshold it states", () => {
    for (const text of [
      SCRIPT,
      "' or 1=1 --",
      "hello",
      "| id",
      "select",
      "a -- b",
      "$" + "{x}",
      "<b>x</b>",
    ]) {
      const { threat, confidence, threshold, findings } = detectThreat(undefined, text);

      expect(threat).toBe(confidence >= threshold);
      expect(findings.length > 0).toBe(threat);
    }
  });

  it("answers for one type when one is asked for", () => {
    expect(detectThreat("sql_injection", SCRIPT).threat).toBe(false);
    expect(detectThreat("xss", SCRIPT).threat).toBe(true);
    expect(getThreatConfidence("xss", SCRIPT)).toBe(detectThreat("xss", SCRIPT).confidence);
  });

  it("rates plain text as no risk and an attack on a sensitive field as critical", () => {
    expect(detectThreat(undefined, { name: "Elbow 90, forged" })).toMatchObject({
      riskLevel: "none",
      findings: [],
    });
    expect(detectThreat(undefined, { password: "' OR '1'='1' -- " }).riskLevel).toBe("critical");
  });

  it.each([
    ["/role", true],
    ["/new_password", true],
    ["/userId", true],
    ["/roles/0", true],
    ["/grid", false],
    ["/compass", false],
    ["/liquid/0", false],
    ["/description", false],
  ])("counts %s as a field that decides about access: %s", (pointer, isSensitive) => {
    const risk = { confidence: 0.9, threshold: 0.6, layers: 0 };
    const plain = riskScore({ ...risk, pointer: "/text" });

    expect(riskScore({ ...risk, pointer }) > plain).toBe(isSensitive);
  });

  it("is refused for a type that does not exist, never clean", () => {
    expect(() => detectThreat("sql" as ThreatType, "' OR 1=1 --")).toThrow(TypeError);
    expect(() => getThreatConfidence("toString" as ThreatType, "' OR 1=1 --")).toThrow(TypeError);
  });

  it.each([new Map([["a", SCRIPT]]), new Set([SCRIPT]), Buffer.from(SCRIPT), new String(SCRIPT)])(
    "is refused for what hides its texts: %o",
    (data) => {
      expect(() => detectThreat(undefined, { data })).toThrow(TypeError);
    },
  );

  it("rates a hidden attack above the same attack in the open", () => {
    const open = detectThreat(undefined, { note: SCRIPT });
    const hidden = detectThreat(undefined, {
      note: encodeURIComponent(encodeURIComponent(SCRIPT)),
    });

    expect(hidden.riskScore).toBeGreaterThan(open.riskScore);
  });

  it("is the same after another initialize", () => {
    const before = detectThreat(undefined, SCRIPT);
    initialize();

    expect(detectThreat(undefined, SCRIPT)).toEqual(before);
  });

  it("answers numbers, booleans, null and empty data without a finding", () => {
    for (const data of [1, true, null, undefined, "", {}, [], { a: [1, null] }]) {
      expect(detectThreat(undefined, data).threat).toBe(false);
    }
  });
});

describe("exceptions the caller grants", () => {
  const html = `<h2 style="color:red">Elbow</h2><p class="x">1/2" NPT</p>`;

  it("let markup pass where HTML is allowed", () => {
    expect(detectThreat(undefined, { text: html }, { htmlAllowed: ["/text"] }).findings).toEqual(
      [],
    );
  });

  it.each([
    `${html}${SCRIPT}`,
    `${html}<img src=x onerror=alert(1)>`,
    `${html}<a href="javascript:alert(1)">x</a>`,
    `${html}<iframe src="//evil.example"></iframe>`,
  ])("still flag what acts by itself where HTML is allowed: %s", (text) => {
    expect(detectThreat(undefined, { text }, { htmlAllowed: ["/text"] }).threat).toBe(true);
  });

  it("skip ignored fields and what is below them, and no others", () => {
    const data = { raw: { a: SCRIPT }, rawer: SCRIPT };

    expect(
      detectThreat(undefined, data, { ignore: ["/raw"] }).findings.map(({ pointer }) => pointer),
    ).toEqual(["/rawer"]);
  });
});

describe("every type", () => {
  const example = {
    sql_injection: "1' UNION SELECT password FROM users -- ",
    xss: SCRIPT,
    nosql_injection: "username[$ne]=x&password[$ne]=y",
    script_injection: "; cat /etc/passwd",
  };

  it.each(THREAT_TYPES)("%s is found with high confidence", (type) => {
    expect(getThreatConfidence(type, example[type])).toBeGreaterThan(0.8);
  });
});
