import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Tenant {
  /** Of a member without a second factor, who signs in. */
  email: string;
  password: string;
  knownDevice: string;
  /** Of that member's sessions, each of which goes on by itself. */
  refreshTokens: string[];
  /** Of the owner. */
  accessToken: string;
}

export type HostOrder = "usage" | "refresh" | "close";

export interface HostAnswer {
  rssBytes?: number;
  heapBytes?: number;
  /** Since the process began. */
  cpuMicroseconds?: number;
  accessTokens?: string[];
}

export interface Host {
  url: string;
  bareUrl: string;
  tenants: Tenant[];
  /** Bytes and microseconds of CPU time, after a garbage collection. */
  usage: () => Promise<Required<Omit<HostAnswer, "accessTokens">>>;
  /** Renews the tenants' access tokens in place. */
  refresh: () => Promise<void>;
  close: () => Promise<void>;
}

/** Starts the process that serves. */
export async function startHost(): Promise<Host> {
  const child = fork(fileURLToPath(new URL("host.ts", import.meta.url)), {
    execArgv: ["--expose-gc"],
  });
  const exited = once(child, "exit").then(() => {
    throw new Error("the stack under load ended");
  });
  exited.catch(() => undefined);
  const receive = async <Message>(): Promise<Message> =>
    ((await Promise.race([once(child, "message"), exited])) as [Message])[0];
  const { url, bareUrl, tenants } = await receive<Pick<Host, "url" | "bareUrl" | "tenants">>();
  // One order at a time: answers come in the order of the questions.
  let last: Promise<unknown> = Promise.resolve();
  const ask = (order: HostOrder): Promise<HostAnswer> => {
    const answer = last.then(() => {
      child.send(order);
      return receive<HostAnswer>();
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    url,
    bareUrl,
    tenants,
    usage: async () => (await ask("usage")) as Required<Omit<HostAnswer, "accessTokens">>,
    refresh: async () => {
      const { accessTokens = [] } = await ask("refresh");
      for (const [index, accessToken] of accessTokens.entries()) {
        const tenant = tenants[index];
        if (tenant) tenant.accessToken = accessToken;
      }
    },
    close: async () => {
      child.send("close");
      await once(child, "exit");
    },
  };
}
