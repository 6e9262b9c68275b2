import { createRequire } from "node:module";
import { detectThreat } from "../../lib/threats/detect-threat.ts";

/** A detector at its work: `run` is what is timed, `finds` says what came of it. */
export type Screen = {
  name: string;
  run: (text: string) => unknown;
  finds: (text: string) => boolean | Promise<boolean>;
};

type Work = Omit<Screen, "name">;

/** Resolves from `bench/node_modules`, which the root package does not know. */
const loadPeer = createRequire(import.meta.url);

function load(name: string, build: () => Work): Screen[] {
  try {
    return [{ name, ...build() }];
  } catch (error) {
    console.log(`skipped ${name}: ${(error as Error).message.split("\n")[0]}`);
    return [];
  }
}

/** Reads at most 4,096 characters of a string, so that its times for longer ones are for those. */
function libddwaf(): Work {
  const { DDWAF } = loadPeer("@datadog/native-appsec");
  const rules = loadPeer("dd-trace/packages/dd-trace/src/appsec/recommended.json");
  const waf = new DDWAF(rules, "recommended");
  const run = (text: string): { status?: string } => {
    const context = waf.createContext();
    const persistent = { "server.request.body": { field: text } };
    const result = context.run({ persistent }, 1_000_000);
    context.dispose();
    return result;
  };
  return { run, finds: (text) => run(text).status === "match" };
}

/** Rewrites markup and judges nothing: the least that reading a text for one kind of attack takes. */
function xss(): Work {
  const { filterXSS } = loadPeer("xss");
  return { run: filterXSS, finds: (text) => filterXSS(text) !== text };
}

/** Only three of its checks look at content; the others answer by address or user agent. */
function easyWaf(): Work {
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
  let isRefused = false;
  const response = {
    write: () => true,
    writeHead: () => {
      isRefused = true;
      return response;
    },
    setHeader: () => response,
    end: () => response,
  };
  const socket = { remoteAddress: "192.0.2.1" };
  const run = (text: string): Promise<unknown> =>
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
  const finds = async (text: string): Promise<boolean> => {
    isRefused = false;
    await run(text);
    return isRefused;
  };
  return { run, finds };
}

/** This detector, and the peers that are installed. */
export const detectors = (): Screen[] => [
  {
    name: "this detector",
    run: (text) => detectThreat(undefined, text),
    finds: (text) => detectThreat(undefined, text).threat,
  },
  ...load("libddwaf, recommended rules", libddwaf),
  ...load("xss (sanitizer)", xss),
  ...load("easy-waf", easyWaf),
];
