import { credentials, region } from "../../../local/aws-account.ts";

export interface AwsRequest {
  method: "GET" | "POST" | "PUT" | "PATCH";
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls a REST service of AWS (Lambda, Scheduler, API Gateway); its errors are answers as well. */
export async function callAwsRest(
  endpoint: string,
  service: string,
  { method, path, body, headers = {} }: AwsRequest,
): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`${endpoint}${path}`, {
    method,
    headers: { ...signedFor(service), "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Calls a service of the Query protocol (IAM, CloudWatch) and returns its XML. */
export async function callAwsQuery(
  endpoint: string,
  service: string,
  parameters: Record<string, string>,
): Promise<string> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: signedFor(service),
    body: new URLSearchParams(parameters),
  });
  return response.text();
}

/** The emulator reads the service from the signature's scope, and checks no more of it. */
function signedFor(service: string): Record<string, string> {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const scope = `${credentials.accessKeyId}/${day}/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`,
  };
}
