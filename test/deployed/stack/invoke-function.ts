import { callAwsRest } from "./call-aws.ts";

/**
 * Runs a function as whoever holds `lambda:InvokeFunction` does.
 *
 * @throws Error with what the function threw
 */
export async function invokeFunction(
  endpoint: string,
  name: string,
  event: unknown,
): Promise<unknown> {
  const { status, headers, text } = await callAwsRest(endpoint, "lambda", {
    method: "POST",
    path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
    body: event,
  });
  const result: unknown = text === "" ? null : JSON.parse(text);
  if (status === 200 && !headers.has("x-amz-function-error")) return result;
  throw new Error((result as { errorMessage?: string })?.errorMessage ?? `${name}: ${status}`);
}
