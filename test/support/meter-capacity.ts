import { createServer } from "node:http";
import type { Listener } from "../../local/listen.ts";
import { listen } from "../../local/listen.ts";
import { readBody } from "../../local/read-body.ts";

/** Request units of DynamoDB, as it bills them. */
export interface ConsumedUnits {
  table: string;
  kind: "read" | "write";
  units: number;
}

export interface CapacityMeter extends Listener {
  /** What was consumed since it was last asked. */
  take: () => ConsumedUnits[];
}

const kinds: Readonly<Record<string, ConsumedUnits["kind"]>> = {
  GetItem: "read",
  BatchGetItem: "read",
  Query: "read",
  Scan: "read",
  PutItem: "write",
  UpdateItem: "write",
  DeleteItem: "write",
  TransactWriteItems: "write",
};

interface Consumed {
  TableName: string;
  CapacityUnits: number;
}

/** Stands in front of a DynamoDB, has it tell what each call consumes, and adds it up. */
export async function meterCapacity(upstream: string): Promise<CapacityMeter> {
  let consumed: ConsumedUnits[] = [];
  const server = createServer(async (request, response) => {
    const body = ((await readBody(request)) ?? Buffer.alloc(0)).toString();
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const kind = kinds[operation];
    const asked = kind ? { ...JSON.parse(body), ReturnConsumedCapacity: "TOTAL" } : undefined;
    const { host: _, "content-length": __, connection: ___, ...headers } = request.headers;
    const answer = await fetch(upstream, {
      method: "POST",
      headers: headers as Record<string, string>,
      body: asked ? JSON.stringify(asked) : body,
    });
    const text = await answer.text();
    if (kind && answer.ok) {
      const { ConsumedCapacity = [] } = JSON.parse(text) as {
        ConsumedCapacity?: Consumed | Consumed[];
      };
      for (const { TableName, CapacityUnits } of [ConsumedCapacity].flat()) {
        consumed.push({ table: TableName, kind, units: CapacityUnits });
      }
    }
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
    response.end(text);
  });
  const listener = await listen(server);
  return {
    ...listener,
    take: () => {
      const taken = consumed;
      consumed = [];
      return taken;
    },
  };
}
