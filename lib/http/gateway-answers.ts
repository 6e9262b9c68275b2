/**
 * What API Gateway answers by itself, before or instead of a function: no problem document, but
 * `{"message": …}`. Sources: HTTP API quotas (10 MB of body, 10,240 bytes of request line and headers),
 * stage throttling, Lambda integrations.
 */
export const gatewayAnswers = {
  400: "Bad Request",
  404: "Not Found",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

export type GatewayStatus = keyof typeof gatewayAnswers;

/** When it does so, for a person to read. */
export const gatewayReasons: Readonly<Record<GatewayStatus, string>> = {
  400: "the path or a header cannot be read",
  404: "no operation has this method and path",
  413: "the body is longer than 10 MB",
  429: "too many requests for the whole API arrive at once",
  431: "request line and headers are longer than 10,240 bytes",
  500: "the function failed before it could answer, or was refused for too many at once",
  503: "the function did not answer in time, or was refused for too many at once",
};
