import { spawnSync } from "node:child_process";
import { createSecretKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contentText } from "../../../lib/encryption/content.ts";
import { extractKey } from "../../../lib/encryption/derive-key.ts";
import type { Envelope } from "../../../lib/encryption/envelope.ts";
import { parseEnvelope } from "../../../lib/encryption/envelope.ts";
import { openRecord } from "../../../lib/encryption/open-record.ts";

interface Golden {
  readonly key: string;
  readonly salt: string;
  readonly cases: readonly {
    readonly name: string;
    readonly data: unknown;
    readonly envelope: Envelope;
  }[];
}

const repository = join(import.meta.dirname, "../../..");
const golden: Golden = JSON.parse(
  readFileSync(join(repository, "test/fixtures/encryption/golden-envelopes.json"), "utf8"),
);

/** Sealed since envelopes hold text and bytes too, and JSON as it was written; same key and salt. */
const content: readonly {
  readonly name: string;
  /** What decrypting answers. */
  readonly opened: string;
  readonly envelope: Envelope;
}[] = JSON.parse(
  readFileSync(join(repository, "test/fixtures/encryption/golden-content.json"), "utf8"),
);

const pseudorandomKey = createSecretKey(
  extractKey(Buffer.from(golden.salt, "hex"), Buffer.from(golden.key, "hex")),
);

/** What decrypting answers for an envelope as it is stored. */
function openAsText(stored: unknown): string {
  const envelope = parseEnvelope(stored);
  const { keyId, manufacturerId, region } = envelope;
  const key = { keyId, manufacturerId, region, pseudorandomKey };
  const bytes = openRecord({ key, envelope, fips: "off" });
  return contentText({ kind: envelope.content ?? "data", bytes });
}

const isPythonReady = spawnSync("python3", ["-c", "import cryptography"]).status === 0;
if (!isPythonReady) console.log("skipped: no python3 with the package cryptography");

const verify = (envelopes: readonly unknown[], key = golden.key) =>
  spawnSync(
    "python3",
    [join(repository, "docs/verify-envelope.py"), "--key", key, "--salt", golden.salt],
    { input: envelopes.map((envelope) => JSON.stringify(envelope)).join("\n"), encoding: "utf8" },
  );

describe("golden envelopes", () => {
  it("open for as long as the format carries version 1", () => {
    for (const { name, data, envelope } of golden.cases) {
      expect(JSON.parse(openAsText(envelope)), name).toEqual({ data });
    }
    expect(golden.cases).toHaveLength(32);
  });

  it("open as what they hold: text, bytes, and JSON to the character", () => {
    for (const { name, opened, envelope } of content) {
      expect(openAsText(envelope), name).toBe(opened);
    }
    expect(content).toHaveLength(6);
  });

  it.runIf(isPythonReady)("open without us whatever they hold", () => {
    const { status, stdout } = verify(content.map(({ envelope }) => envelope));
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(content.flatMap(({ opened }) => Object.values(JSON.parse(opened))));
  });

  it.runIf(isPythonReady)("open without us: docs/verify-envelope.py reads the same data", () => {
    const { status, stdout } = verify(golden.cases.map(({ envelope }) => envelope));
    const lines = stdout.trimEnd().split("\n");
    expect(status).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toEqual(golden.cases.map(({ data }) => data));
  });

  it.runIf(isPythonReady)(
    "do not open in docs/verify-envelope.py under another key or header",
    () => {
      const envelope = golden.cases[0]?.envelope;
      expect(verify([{ ...envelope, region: "us-east-1" }])).toMatchObject({
        stdout: "",
        status: 1,
      });
      expect(verify([envelope], golden.salt)).toMatchObject({ stdout: "", status: 1 });
    },
  );
});
