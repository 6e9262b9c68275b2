import type { ProblemCode } from "../../lib/problem.ts";
import { problems } from "../../lib/problem.ts";

/** What an answer with that problem matches (`toMatchObject`): status, code and the type they imply. */
export const problemAnswer = (code: ProblemCode, body: Record<string, unknown> = {}) => ({
  status: problems[code].status,
  body: {
    code,
    status: problems[code].status,
    title: problems[code].title,
    type: `urn:manufacturer-security:problem:${code}`,
    ...body,
  },
});

/** What an answer says apart from which request it was: two of them compare. */
export function withoutInstance({ status, body }: { status: number; body: unknown }): unknown {
  const { instance: _, ...rest } = body as { instance?: string };
  return { status, body: rest };
}
