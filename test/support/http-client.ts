import { recordProblem } from "./problem-record.ts";

export interface HttpAnswer {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, the text otherwise, undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test that reads what is not there fails by itself
  body: any;
}

export interface HttpRequest {
  body?: unknown;
  /** Access token for `Authorization: Bearer`. */
  token?: string;
  headers?: Record<string, string>;
}

export type SendRequest = (path: string, request?: HttpRequest) => Promise<HttpAnswer>;

export type HttpClient = Readonly<
  Record<"get" | "post" | "put" | "patch" | "delete", SendRequest>
> & {
  /** Sends a body as it is, well-formed or not. */
  raw: (path: string, init: RequestInit) => Promise<HttpAnswer>;
};

/** A JSON client of an API; answers of any status are returned, none is thrown. */
export function httpClient(baseUrl: string): HttpClient {
  const raw = async (path: string, init: RequestInit): Promise<HttpAnswer> => {
    const response = await fetch(`${baseUrl}${path}`, { redirect: "manual", ...init });
    const answer = {
      status: response.status,
      headers: response.headers,
      body: (await parse(response)) as HttpAnswer["body"],
    };
    const isProblem = answer.headers.get("content-type") === "application/problem+json";
    if (isProblem) recordProblem(answer.body.code);
    return answer;
  };
  const send =
    (method: string): SendRequest =>
    (path, { body, token, headers } = {}) =>
      raw(path, {
        method,
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
  return {
    get: send("GET"),
    post: send("POST"),
    put: send("PUT"),
    patch: send("PATCH"),
    delete: send("DELETE"),
    raw,
  };
}

async function parse(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}
