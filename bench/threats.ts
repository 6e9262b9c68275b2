// What screening costs against other detectors, in one run: `npm install --prefix bench`, then
// `node bench/threats.ts`. Peers that are not installed are skipped.
import { initialize } from "../lib/threats/detect-threat.ts";
import { measureInterleaved } from "./measure.ts";
import type { Screen } from "./threats/detectors.ts";
import { detectors } from "./threats/detectors.ts";
import { PUMPS } from "./threats/pump-strings.ts";

const SIZES = [8, 32, 256];
/** A matcher that takes longer than this on a size is not given the next one. */
const PATIENCE_MS = 2000;

const SHORT = "Hex head cap screw M8, zinc plated, DIN 933, pack of 50";
const MARKS = `Union, 1/2" NPT; SELECT grade -- DROP forged (O'Brien & Sons)`;
const PROSE = `${'Stainless elbow 1/2" NPT, forged & tested; rated to 150 psi (10 bar). '}`
  .repeat(15)
  .slice(0, 1024);
const HTML = `<ul class="specs"><li style="color:red">Size 1/2&quot;</li></ul>`
  .repeat(17)
  .slice(0, 1024);
const SCRIPT = "<script>alert(1)</script>";
const ATTACK = "1' UNION SELECT username, password FROM users WHERE '1'='1' -- ";

/**
 * Whether each does its work: all find an attack alone, or they are not comparable. What they find
 * behind ordinary text says how much of a long text they read, without which its times mean nothing.
 */
async function proveWork(): Promise<void> {
  const behind = [0, ...SIZES].map((size) => SHORT.repeat(64 * size).slice(0, size * 1000));
  console.log(`found alone, and behind ${SIZES.join(", ")} KB of ordinary text`);
  for (const { name, finds } of screens) {
    const found: string[] = [];
    for (const text of behind) {
      const isSlow = text.length > 0 && (await timeOnce(finds, text)) > PATIENCE_MS;
      found.push(isSlow ? "gave up" : (await finds(`${text} ${SCRIPT}`)) ? "yes" : "no");
    }
    console.log(`  ${name.padEnd(30)} ${found.map((word) => word.padStart(8)).join("")}`);
    if (found[0] !== "yes" || (await finds(SHORT))) throw new Error(`${name} does not do its work`);
  }
}

/** As it comes out of a request: text put together in JavaScript is slower to read than parsed text. */
const parsed = (text: string): string => JSON.parse(JSON.stringify(text)) as string;

const WARM_UP_MS = 500;

/** Long enough for the engine to have compiled what it will: all are compared as they run in the end. */
async function warmUp({ run }: Screen, text: string): Promise<void> {
  for (const start = performance.now(); performance.now() - start < WARM_UP_MS; ) await run(text);
}

async function compare(title: string, source: string): Promise<void> {
  const text = parsed(source);
  for (const screen of screens) await warmUp(screen, text);
  const times = await measureInterleaved(
    screens.map(
      ({ run }) =>
        () =>
          run(text),
    ),
  );
  const own = times[0] as number;
  console.log(`\n${title} (${text.length} characters)`);
  for (const [index, { name }] of screens.entries()) {
    const time = times[index] as number;
    console.log(
      `  ${name.padEnd(30)} ${time.toFixed(2).padStart(9)} us   ${(time / own).toFixed(1).padStart(6)} x`,
    );
  }
}

/** Milliseconds of one call, the least of three: a pump string is long enough to time alone. */
async function timeOnce(run: (text: string) => unknown, text: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3 && (i === 0 || least < PATIENCE_MS); i++) {
    const start = performance.now();
    await run(text);
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

async function pump({ name, run }: Screen): Promise<void> {
  console.log(`\n${name}: pump strings, ms at ${SIZES.join(" / ")} KB`);
  const worst = SIZES.map(() => 0);
  for (const [label, piece] of PUMPS) {
    let isPatient = true;
    const times: number[] = [];
    for (const size of SIZES) {
      const whole = piece.repeat(Math.ceil((size * 1024) / piece.length));
      const text = parsed(whole.slice(0, size * 1024));
      const time: number = isPatient ? await timeOnce(run, text) : Number.NaN;
      isPatient = time < PATIENCE_MS;
      times.push(time);
    }
    for (const [i, time] of times.entries()) if (time > (worst[i] as number)) worst[i] = time;
    const shown = times.map((time) =>
      (Number.isNaN(time) ? "gave up" : time.toFixed(2)).padStart(9),
    );
    console.log(`  ${label.padEnd(24)}${shown.join("")}`);
  }
  console.log(
    `  ${"worst".padEnd(24)}${worst.map((time) => time.toFixed(2).padStart(9)).join("")}`,
  );
}

initialize();
const screens = detectors();
await proveWork();
await compare("short plain field", SHORT);
await compare("short field with marks", MARKS);
await compare("1 KB of catalogue prose", PROSE);
await compare("1 KB of HTML", HTML);
await compare("an attack", ATTACK);
for (const screen of screens) await pump(screen);
