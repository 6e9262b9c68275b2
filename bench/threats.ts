// What screening costs against other detectors, in one run: `npm install --prefix bench`, then
// `node bench/threats.ts`. Peers that are not installed are skipped.
import { createRequire } from "node:module";
import { detectThreat, initialize } from "../lib/threats/detect-threat.ts";
import { measureInterleaved } from "./measure.ts";
import { PUMPS } from "./threats/pump-strings.ts";

const SIZES = [8, 32, 256];
/** A matcher that takes longer than this on a size is not given the next one. */
const PATIENCE_MS = 2000;

type Screen = { name: string; run: (text: string) => unknown };

/** Resolves from `bench/node_modules`, which the root package does not know. */
const loadPeer = createRequire(import.meta.url);

function load(name: string, build: () => Screen["run"]): Screen[] {
  try {
    return [{ name, run: build() }];
  } catch (error) {
    console.log(`skipped ${name}: ${(error as Error).message.split("\n")[0]}`);
    return [];
  }
}

function libddwaf(): (text: string) => unknown {
  const { DDWAF } = loadPeer("@datadog/native-appsec");
  const rules = loadPeer("dd-trace/packages/dd-trace/src/appsec/recommended.json");
  const waf = new DDWAF(rules, "recommended");
  return (text) => {
    const context = waf.createContext();
    const persistent = { "server.request.body": { field: text } };
    const result = context.run({ persistent }, 1_000_000);
    context.dispose();
    return result;
  };
}

function xss(): (text: string) => unknown {
  const { filterXSS } = loadPeer("xss");
  return (text) => filterXSS(text);
}

/** Only three of its checks look at content; the others answer by address or user agent. */
function easyWaf(): (text: string) => Promise<unknown> {
  const { default: build } = loadPeer("easy-waf");
  const off = { enabled: false };
  const middleware = build({
    disableLogging: true,
    modules: {
      badBots: off,
      blockTorExitNodes: off,
      fakeCrawlers: off,
      httpParameterPollution: off,
    },
  });
  const response = {
    write: () => true,
    writeHead: () => response,
    setHeader: () => response,
    end: () => response,
  };
  const socket = { remoteAddress: "192.0.2.1" };
  return (text) =>
    middleware(
      {
        method: "POST",
        url: "/",
        headers: { "user-agent": "bench" },
        body: { field: text },
        socket,
        connection: socket,
        ip: "192.0.2.1",
      },
      response,
      () => undefined,
    );
}

const SHORT = "Hex head cap screw M8, zinc plated, DIN 933, pack of 50";
const MARKS = `Union, 1/2" NPT; SELECT grade -- DROP forged (O'Brien & Sons)`;
const PROSE = `${'Stainless elbow 1/2" NPT, forged & tested; rated to 150 psi (10 bar). '}`
  .repeat(15)
  .slice(0, 1024);
const HTML = `<ul class="specs"><li style="color:red">Size 1/2&quot;</li></ul>`
  .repeat(17)
  .slice(0, 1024);
const ATTACK = "1' UNION SELECT username, password FROM users WHERE '1'='1' -- ";

const screens: Screen[] = [
  { name: "this detector", run: (text) => detectThreat(undefined, text) },
  ...load("libddwaf, recommended rules", libddwaf),
  ...load("xss (sanitizer)", xss),
  ...load("easy-waf", easyWaf),
];

async function compare(title: string, text: string): Promise<void> {
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
async function timeOnce(run: Screen["run"], text: string): Promise<number> {
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
      const text = piece.repeat(Math.ceil((size * 1024) / piece.length)).slice(0, size * 1024);
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
await compare("short plain field", SHORT);
await compare("short field with marks", MARKS);
await compare("1 KB of catalogue prose", PROSE);
await compare("1 KB of HTML", HTML);
await compare("an attack", ATTACK);
for (const screen of screens) await pump(screen);
