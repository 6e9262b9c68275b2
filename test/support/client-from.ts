import { request } from "node:http";
import { recordProblem } from "./problem-record.ts";

export interface AnswerFrom {
  status: number;
  retryAfterSeconds: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test that reads what is not there fails by itself
  body: any;
}

export type PostFrom = (path: string, body: unknown) => Promise<AnswerFrom>;

/** Posts JSON from an address of its own on the loopback network, so that a stack meets several sources. */
export const clientFrom =
  ({ url }: { url: string }, localAddress: string): PostFrom =>
  (path, body) =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json" };
      const sent = request(`${url}${path}`, { method: "POST", localAddress, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const body = JSON.parse(Buffer.concat(chunks).toString());
          if (body.code !== undefined) recordProblem(body.code);
          resolve({
            status: answer.statusCode ?? 0,
            retryAfterSeconds: Number(answer.headers["retry-after"]),
            body,
          });
        });
      });
      sent.on("error", reject);
      sent.end(JSON.stringify(body));
    });

let sources = 0;

/** A loopback address that no other test of this process sends from. */
export function newSource(): string {
  sources += 1;
  return `127.${1 + (process.pid % 250)}.${sources >> 8}.${sources & 255}`;
}
