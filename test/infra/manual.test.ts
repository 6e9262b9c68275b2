import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fipsRegions } from "../../infra/fips.ts";
import { readSettings } from "../../infra/settings.ts";
import { assembly, rows } from "./support/product.ts";
import { newApp } from "./support/sample-app.ts";

const page = (name: string): string =>
  readFileSync(new URL(`../../docs/operations/${name}`, import.meta.url), "utf8");

/** Kinds of alarms, whatever operation they watch; windows are halves of the burn-rate alarms. */
const alarmKinds = (): string[] => {
  // The longest first: one operation's name can begin with another's.
  const operations = rows
    .map(({ operationId }) => operationId)
    .sort((one, other) => other.length - one.length);
  const ids = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"].flatMap((type) =>
    assembly.ofType(type).map(({ id }) => id),
  );
  const kinds = ids.map((id) => {
    const operation = operations.find((candidate) => id.startsWith(candidate));
    return id.slice(operation?.length ?? 0);
  });
  return [...new Set(kinds)].filter((kind) => !kind.endsWith("Window"));
};

describe("the operator's manual", () => {
  it("says of every alarm what it means, where to look and what to do, and of no other", () => {
    const [, ...entries] = page("alarms.md").split(/^## /m);
    const names = entries.map((entry) => entry.slice(0, entry.indexOf("\n")));
    expect(names.toSorted()).toEqual(alarmKinds().toSorted());
    for (const entry of entries) {
      expect(entry.match(/^\*\*\w+\*\*/gm)).toEqual(["**Means**", "**Look**", "**Do**"]);
    }
  });

  it("names every setting that the app reads, and no other", () => {
    const { node } = newApp();
    const asked = new Set<string>();
    const read = node.tryGetContext.bind(node);
    node.tryGetContext = (name) => {
      asked.add(name);
      return read(name);
    };
    readSettings(node);
    const documented = [...page("deploy.md").matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(documented.toSorted()).toEqual([...asked].toSorted());
  });

  it("names the regions that FIPS is accepted in, and the concurrency that is reserved", () => {
    const reserved = rows.reduce((sum, row) => sum + (row.reservedConcurrency ?? 0), 0);
    const text = page("deploy.md");
    for (const region of fipsRegions) expect(text).toContain(`\`${region}\``);
    expect(text).toContain(`The functions reserve ${reserved},`);
    expect(text).toContain(`so ${reserved + 100} is the least`);
  });

  it("has every page in its index", () => {
    const linked = [...page("README.md").matchAll(/\]\((\w+\.md)\)/g)].map(([, name]) => name);
    expect(new Set(linked)).toEqual(
      new Set(
        ["deploy", "alarms", "rotation", "erase", "restore", "cost", "limits", "growth"].map(
          (name) => `${name}.md`,
        ),
      ),
    );
  });
});
