import { credentials, region } from "./aws-account.ts";

export interface AwsCall {
  endpoint: string;
  /** The operation with its service's prefix: `DynamoDB_20120810.CreateTable`. */
  target: string;
  input: unknown;
}

/** A typed failure of a call. */
export class AwsCallError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.name = "AwsCallError";
    this.type = type;
  }
}

/**
 * Calls an emulator in the AWS JSON protocol as it is on the wire: attribute values stay in the form
 * in which Lambda receives them, and the stack starts without loading an SDK.
 *
 * @throws AwsCallError with AWS's error type
 */
export async function callAwsJson<Output>({ endpoint, target, input }: AwsCall): Promise<Output> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": `application/x-amz-json-${target.startsWith("Dynamo") ? "1.0" : "1.1"}`,
      "x-amz-target": target,
      "x-amz-date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
      authorization: unverifiedSignature(),
    },
    body: JSON.stringify(input),
  });
  const output = (await response.json()) as Record<string, unknown>;
  if (response.ok) return output as Output;
  const type = String(output["__type"]).split("#").at(-1) ?? "";
  throw new AwsCallError(type, String(output["message"] ?? output["Message"] ?? response.status));
}

/** Emulators read the account and region from it, and check no more than its form. */
function unverifiedSignature(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const scope = `${credentials.accessKeyId}/${day}/${region}/dynamodb/aws4_request`;
  const signature = "0".repeat(64);
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
}
