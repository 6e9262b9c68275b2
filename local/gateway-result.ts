import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { GatewayStatus } from "../lib/http/gateway-answers.ts";
import { gatewayAnswers } from "../lib/http/gateway-answers.ts";
import { FunctionTimeout } from "./function-host.ts";
import { Refused } from "./limits.ts";

/** An answer ready to be written. */
export interface GatewayAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** An answer of the gateway itself, in its own words. */
export const gatewayMessage = (status: number, message: string): GatewayAnswer =>
  jsonAnswer(status, { message });

/** An answer that API Gateway gives by itself. */
export const gatewayAnswer = (status: GatewayStatus): GatewayAnswer =>
  gatewayMessage(status, gatewayAnswers[status]);

export const jsonAnswer = (status: number, body: unknown): GatewayAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify(body)),
});

/** What the gateway answers when the function did not. */
export function failureAnswer(error: unknown): GatewayAnswer {
  if (error instanceof Refused) return gatewayAnswer(error.status);
  return gatewayAnswer(error instanceof FunctionTimeout ? 503 : 500);
}

/** The function's result as HTTP; a result without a status is itself the JSON body of a 200. */
export function toAnswer(result: unknown): GatewayAnswer {
  if (!isStructured(result)) return jsonAnswer(200, result ?? null);
  const { statusCode, headers = {}, cookies, body = "", isBase64Encoded = false } = result;
  const lowerCase = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return {
    status: Number(statusCode),
    headers: {
      "content-type": "application/json",
      ...lowerCase,
      ...(cookies && { "set-cookie": cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  };
}

const isStructured = (result: unknown): result is APIGatewayProxyStructuredResultV2 =>
  typeof result === "object" && result !== null && "statusCode" in result;
