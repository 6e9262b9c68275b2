import { spawnSync } from "node:child_process";
import { createSecretKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
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
    const pseudorandomKey = createSecretKey(
      extractKey(Buffer.from(golden.salt, "hex"), Buffer.from(golden.key, "hex")),
    );
    for (const { name, data, envelope } of golden.cases) {
      const { keyId, manufacturerId, region } = envelope;
      const key = { keyId, manufacturerId, region, pseudorandomKey };
      const plaintext = openRecord({ key, envelope: parseEnvelope(envelope), fips: "off" });
      expect(JSON.parse(plaintext.toString()), name).toEqual(data);
    }
    expect(golden.cases).toHaveLength(32);
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
