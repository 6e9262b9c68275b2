import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as sendHttp } from "node:http";
import { request as sendHttps, Agent as TlsAgent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { faultAnswer } from "./fault-answers.ts";
import type { EmulatedService, FaultPlan } from "./faults.ts";
import type { Listener } from "./listen.ts";
import { listen } from "./listen.ts";
import { readBody } from "./read-body.ts";

export interface ProxyOptions {
  service: EmulatedService;
  /** Where the service is now; asked for every call. */
  upstream: () => string;
  faults: FaultPlan;
  /** Epoch ms: what the service's answers say the time is. */
  now: () => number;
  /** Told of each call as it arrives, retries included. */
  onCall: (operation: string) => void;
}

interface Upstream {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Forward = (target: string, request: IncomingMessage, body: Buffer) => Promise<Upstream>;

/** Stands between the functions and an emulated service: counts calls at the socket, injects faults. */
export async function startAwsProxy(options: ProxyOptions): Promise<Listener> {
  const agents = { http: new Agent({ keepAlive: true }), https: new TlsAgent({ keepAlive: true }) };
  const forward = forwardThrough(agents);
  const server = createServer((request, response) => {
    relay(request, response, options, forward).catch(() => {
      // What a caller sees of a service that is gone: a broken connection, no answer.
      response.destroy();
    });
  });
  const listener = await listen(server);
  return {
    url: listener.url,
    close: async () => {
      await listener.close();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

async function relay(
  request: IncomingMessage,
  response: ServerResponse,
  { service, upstream, faults, now, onCall }: ProxyOptions,
  forward: Forward,
): Promise<void> {
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
  onCall(operation);
  // The SDK takes a service whose clock differs for a reason to repeat whatever was refused.
  response.setHeader("date", new Date(now()).toUTCString());
  const fault = faults.draw(service, operation);
  const refusal = fault && faultAnswer(fault, service, operation, body);
  if (refusal) {
    response.writeHead(refusal.status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(refusal.body));
    return;
  }
  if (fault?.mode === "latency") await delay(fault.delayMs);
  const answer = await forward(upstream(), request, body);
  if (fault?.mode === "lose-response") {
    response.destroy();
    return;
  }
  const { date: _, ...headers } = answer.headers;
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

const forwardThrough =
  (agents: { http: Agent; https: TlsAgent }): Forward =>
  (target, { method, url = "/", headers }, body) =>
    new Promise((resolve, reject) => {
      const destination = new URL(url, target);
      const isTls = destination.protocol === "https:";
      const send = isTls ? sendHttps : sendHttp;
      const options = {
        method,
        agent: isTls ? agents.https : agents.http,
        headers: { ...headers, host: destination.host },
      };
      const outgoing = send(destination, options, (incoming) => {
        const { statusCode: status = 502, headers: answered } = incoming;
        const read = async () => (await readBody(incoming)) ?? Buffer.alloc(0);
        read().then((answer) => resolve({ status, headers: answered, body: answer }), reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
