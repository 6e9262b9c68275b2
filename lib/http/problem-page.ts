import type { ProblemCode } from "../problem.ts";
import { problems } from "../problem.ts";
import { gatewayAnswers, gatewayReasons } from "./gateway-answers.ts";
import { impliedProblems } from "./openapi-responses.ts";
import { problemType } from "./response.ts";
import type { Route } from "./route.ts";

/** `docs/problems.md`: every problem code, what it means and which operations answer it. */
export function toProblemPage(routes: readonly Route[]): string {
  const rows = Object.entries(problems).map(([code, { status, title, retryable }]) => {
    const operations = routes
      .filter((route) =>
        [...impliedProblems(route), ...route.problems].includes(code as ProblemCode),
      )
      .map(({ operationId }) => operationId);
    const answeredBy =
      operations.length === routes.length ? "every operation" : operations.join(", ");
    return `| \`${code}\` | ${status} | ${title} | ${retryable ? "yes" : "no"} | ${answeredBy} |`;
  });
  const gatewayRows = Object.entries(gatewayAnswers).map(
    ([status, message]) =>
      `| ${status} | ${message} | ${gatewayReasons[Number(status) as keyof typeof gatewayReasons]} |`,
  );
  return `# Problems

Every error is \`application/problem+json\` (RFC 9457). Switch on \`code\`; its \`type\` is \`${problemType("<code>")}\`.
\`errors\` names each bad place of a request by JSON pointer (RFC 6901) and code. Retry where the table says so, after \`Retry-After\` if it is there.

Printed from the code by \`npm run openapi\`.

| code | status | meaning | retry | answered by |
|---|---|---|---|---|
${rows.join("\n")}

## Answers of the gateway

Before a function runs, or where it does not answer, API Gateway answers by itself: \`application/json\` with a \`message\`, without \`code\` and \`x-request-id\`. 429, 500 and 503 may be repeated after a pause, a command only with the same \`Idempotency-Key\` or where repeating it is harmless.

| status | message | when |
|---|---|---|
${gatewayRows.join("\n")}
`;
}
