import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readJsonBody } from "../http/json-body.ts";
import { problemResponse } from "../http/response.ts";
import { toProblem } from "../http/to-problem.ts";
import type { Detection } from "./detect-threat.ts";
import { detectThreat } from "./detect-threat.ts";
import { threatDetected } from "./screen-body.ts";
import type { Screening } from "./screening.ts";

/**
 * Middy middleware that screens the JSON body of any HTTP API function before its handler:
 * `middy(handler).use(screen({ mode: "block" }))`. A refused body is answered with a problem (422
 * `threat-detected`, 413 where it is too long to screen, 400 where it is no JSON); what is flagged
 * goes to `onThreat`. A request without a body passes.
 */
export const screen = (
  screening: Screening & { onThreat?: (detection: Detection) => void | Promise<void> },
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> => ({
  async before({ event, context }) {
    if (event.body === undefined || event.body === "") return undefined;
    const { mode, onThreat, ...options } = screening;
    try {
      const detection = detectThreat(undefined, readJsonBody(event), options);
      if (!detection.threat) return undefined;
      await onThreat?.(detection);
      if (mode === "flag") return undefined;
      throw threatDetected(detection.findings);
    } catch (error) {
      return problemResponse(toProblem(error), context.awsRequestId);
    }
  },
});
