import * as z from "zod/mini";
import { impliedProblems } from "../lib/http/openapi-responses.ts";
import type { Route } from "../lib/http/route.ts";
import { problems } from "../lib/problem.ts";
import type { GatewayAnswer } from "./gateway-result.ts";

const ProblemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.optional(z.string()),
  instance: z.optional(z.string()),
  code: z.string(),
  errors: z.optional(z.array(z.object({ pointer: z.string(), code: z.string() }))),
});

/**
 * Holds an answer to what its route promises.
 *
 * @returns what is wrong with it; undefined when nothing is
 */
export function checkAnswer(route: Route, answer: GatewayAnswer): string | undefined {
  const isSuccess = answer.status < 400;
  return isSuccess ? checkSuccess(route, answer) : checkProblem(route, answer);
}

function checkSuccess({ success }: Route, { status, headers, body }: GatewayAnswer) {
  if (status !== success.status) return `status ${status}, promised ${success.status}`;
  if (!success.schema) return undefined;
  const contentType = mediaType(headers);
  const promised = success.contentTypes ?? ["application/json"];
  if (!promised.includes(contentType)) return `${contentType}, promised ${promised.join(" or ")}`;
  return contentType.endsWith("json") ? checkJson(success.schema, body) : undefined;
}

function checkProblem(route: Route, { status, headers, body }: GatewayAnswer): string | undefined {
  if (mediaType(headers) !== "application/problem+json")
    return `${mediaType(headers)}, not a problem`;
  const mismatch = checkJson(ProblemBody, body);
  if (mismatch) return mismatch;
  const { code, status: told } = JSON.parse(body.toString()) as { code: string; status: number };
  const known = Object.hasOwn(problems, code) ? problems[code as keyof typeof problems] : undefined;
  if (!known) return `unknown problem code ${code}`;
  const promised: readonly string[] = [...route.problems, ...impliedProblems(route)];
  if (!promised.includes(code)) return `problem code ${code}, which its row does not list`;
  return known.status === status && told === status ? undefined : `${code} with status ${status}`;
}

function checkJson(schema: z.core.$ZodType, body: Buffer): string | undefined {
  try {
    const parsed = z.safeParse(schema, JSON.parse(body.toString()));
    return parsed.error?.issues
      .map(({ path, message }) => `/${path.join("/")}: ${message}`)
      .join("; ");
  } catch (error) {
    return `no JSON: ${error}`;
  }
}

const mediaType = (headers: GatewayAnswer["headers"]): string =>
  String(headers["content-type"]).split(";")[0]?.trim() ?? "";
