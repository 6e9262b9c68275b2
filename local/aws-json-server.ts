import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { Listener } from "./listen.ts";
import { listen } from "./listen.ts";
import { readBody } from "./read-body.ts";

/** An error in the shape in which AWS clients recognise it by type. */
export class AwsError extends Error {
  readonly type: string;
  readonly status: number;

  /** @param message absent where AWS sends none */
  constructor(type: string, message?: string, status = 400) {
    super(message);
    this.name = "AwsError";
    this.type = type;
    this.status = status;
  }
}

/** By operation name: takes the parsed input, returns the output. */
export type AwsOperations = Readonly<Record<string, (input: unknown) => unknown>>;

interface Answer {
  status: number;
  body: unknown;
}

/**
 * Serves operations over the AWS JSON 1.1 protocol: `POST /` with the operation in `X-Amz-Target`.
 * The signature is not checked: the server is reachable from this machine alone.
 */
export function serveAwsJson(operations: AwsOperations, port = 0): Promise<Listener> {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => answer(operations, request.headers["x-amz-target"], body))
      .then(({ status, body }) => {
        response.writeHead(status, {
          "content-type": "application/x-amz-json-1.1",
          "x-amzn-requestid": randomUUID(),
        });
        response.end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  });
  return listen(server, port);
}

async function answer(
  operations: AwsOperations,
  target: string | string[] | undefined,
  body: Buffer | undefined,
): Promise<Answer> {
  try {
    const name = String(target).split(".").at(-1) ?? "";
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw new AwsError("UnknownOperationException");
    return { status: 200, body: await operation(parse(body)) };
  } catch (error) {
    return failure(error);
  }
}

function parse(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(body)) as unknown;
  } catch (cause) {
    throw new AwsError("SerializationException", String(cause));
  }
}

function failure(error: unknown): Answer {
  const { type, message, status } =
    error instanceof AwsError ? error : new AwsError("InternalFailure", String(error), 500);
  return { status, body: { __type: type, ...(message === "" ? {} : { message }) } };
}
