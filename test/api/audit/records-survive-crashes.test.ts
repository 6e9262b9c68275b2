import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect, onTestFinished, test } from "vitest";
import type { AuditRecord } from "../../../lib/audit/record.ts";
import { startStack } from "../../../local/stack.ts";
import { httpClient } from "../../support/http-client.ts";
import { newEmail, signUpRequest } from "../../support/manufacturer.ts";
import { documentsOf } from "../../support/platform-keys.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const program = fileURLToPath(new URL("../../../local/start.ts", import.meta.url));
const crashes = 6;

/** Starts the stack as a process, signs people up, and kills it the moment some are acknowledged. */
async function signUpUntilKilled(data: string, enough: number): Promise<void> {
  // All sign-ups come from one address, more of them than it may make.
  const flags = ["--port", "0", "--data", data, "--source-budget-factor", "1000"];
  const child = spawn(process.execPath, [program, ...flags]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  const url = /ready on (\S+),/.exec(String(line))?.[1] ?? "";
  let acknowledged = 0;
  const enoughAcknowledged = Promise.withResolvers<void>();
  const attempts = Array.from({ length: 4 }, async () => {
    const body = signUpRequest(newEmail());
    // The kill leaves some without an answer.
    const answer = await httpClient(url)
      .post("/v1/manufacturers", { body })
      .catch(() => undefined);
    if (answer?.status === 202 && ++acknowledged >= enough) enoughAcknowledged.resolve();
  });
  await enoughAcknowledged.promise;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await Promise.all([exit, ...attempts]);
}

/** What the bus had accepted when the process ended. */
function publishedIds(data: string): Set<string> {
  const path = join(data, "events.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  return new Set(lines.flatMap((line) => /"recordId":"([^"]+)"/.exec(line)?.[1] ?? []));
}

test(`killed ${crashes} times between a change and its publication, no audit record is lost, and none is published under another id`, async () => {
  const data = temporaryDirectory();
  const atKill: { timeMs: number; published: Set<string> }[] = [];
  for (let round = 0; round < crashes; round++) {
    await signUpUntilKilled(data, 1 + (round % 4));
    atKill.push({ timeMs: Date.now(), published: publishedIds(data) });
  }

  const stack = await startStack({ dataDirectory: data });
  onTestFinished(() => stack.close());
  await stack.settled();
  const { Items } = await documentsOf(stack).send(
    new ScanCommand({ TableName: stack.tableNames.audit }),
  );
  const records = new Map(
    (Items as (AuditRecord & { pk: string; sk: string })[]).map(({ pk: _, sk: __, ...record }) => [
      record.recordId,
      record,
    ]),
  );
  const events = stack.events().map(({ detail }) => detail as AuditRecord);

  // Else the kills came too late to prove anything.
  const interrupted = atKill.flatMap(({ timeMs, published }) =>
    [...records.values()].filter(
      ({ recordId, time }) => Date.parse(time) <= timeMs && !published.has(recordId),
    ),
  );
  expect(interrupted.length).toBeGreaterThan(0);
  expect(records.size).toBeGreaterThanOrEqual(crashes);
  expect(new Set(events.map(({ recordId }) => recordId))).toEqual(new Set(records.keys()));
  for (const event of events) expect(event).toEqual(records.get(event.recordId));
});
