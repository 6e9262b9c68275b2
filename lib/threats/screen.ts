import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readJsonBody } from "../http/json-body.ts";
import { problemResponse } from "../http/response.ts";
import { Problem } from "../problem.ts";
import type { Detection } from "./detect-threat.ts";
import { detectThreat } from "./detect-threat.ts";
import { threatDetected } from "./screen-body.ts";
import type { Screening } from "./screening.ts";

/** What `screen()` is told: as a route's `screens`, or `off`, which looks at nothing. */
export interface ScreenOptions extends Omit<Screening, "mode"> {
  mode: Screening["mode"] | "off";
  /** Told of what was found, before it is refused or let pass. What it throws is the handler's error. */
  onThreat?: (detection: Detection) => void | Promise<void>;
}

/**
 * Middy middleware that screens the JSON body of any HTTP function, behind an HTTP API, a REST API or
 * a function URL, before its handler: `middy(handler).use(screen({ mode: "block" }))`. A refused body
 * is answered with a problem: 422 `threat-detected`; 413 where it is too long to screen, 415 where it
 * is not sent as JSON, 400 where it is none. What is found goes to `onThreat`. A request without a
 * body passes; path and query are not looked at. Throws at once for options that cannot be meant.
 */
export function screen(
  options: ScreenOptions,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  const { mode, onThreat, ...exceptions } = options;
  refuseMistakes(options);
  return {
    async before({ event, context }) {
      if (mode === "off" || !event.body) return undefined;
      try {
        const body = parsedBody(event);
        const detection = detectThreat(undefined, body, exceptions);
        if (!detection.threat) return undefined;
        await onThreat?.(detection);
        if (mode === "flag") return undefined;
        throw threatDetected(detection.findings);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return problemResponse(error, context.awsRequestId);
      }
    },
  };
}

/** The body, read by now where another middleware has done that before. */
const parsedBody = (event: Omit<APIGatewayProxyEventV2, "body"> & { body?: unknown }): unknown =>
  typeof event.body === "string"
    ? readJsonBody({ ...event, body: event.body, headers: lowerCased(event.headers) })
    : event.body;

/** REST APIs pass header names as they were sent, and `null` where there are none. */
const lowerCased = (headers: APIGatewayProxyEventV2["headers"] | null) =>
  Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );

/** A mistyped mode or pointer would protect less than was meant, and say nothing. */
function refuseMistakes({ mode, htmlAllowed = [], ignore = [] }: ScreenOptions): void {
  if (!["block", "flag", "off"].includes(mode)) throw new TypeError(`unknown mode: ${mode}`);
  for (const pointer of [...htmlAllowed, ...ignore]) {
    if (!/^(?:\/(?:[^~/]|~[01])*)*$/.test(pointer)) {
      throw new TypeError(`no JSON pointer (RFC 6901): ${pointer}`);
    }
  }
}
