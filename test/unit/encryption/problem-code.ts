import type { ProblemCode } from "../../../lib/problem.ts";
import { Problem } from "../../../lib/problem.ts";

/** What `action` came to: the code it was refused with, or `none`. Anything but a problem is thrown on. */
export function problemCode(action: () => unknown): ProblemCode | "none" {
  try {
    action();
    return "none";
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

/** As `problemCode`, of a promise. */
export async function problemCodeOf(result: Promise<unknown>): Promise<ProblemCode | "none"> {
  try {
    await result;
    return "none";
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}
