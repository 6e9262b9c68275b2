import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { usageKeys } from "../../../lib/aws/item-keys.ts";
import type { Alert } from "../../../lib/usage/alert-store.ts";
import { raiseUsageAlerts } from "../../../lib/usage/raise-usage-alerts.ts";

const key = usageKeys.counter("mfr_1", "api_calls", "2026-11");
const imageOf = (level: { used: number; limit: number }) =>
  marshall({ ...key, ...level }) as NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"];

/** A stream record of a counter that went from one level to another. */
const step = (before: number | undefined, after: number, limit = 100): DynamoDBRecord => ({
  eventID: `${before}-${after}`,
  dynamodb: {
    ...(before === undefined ? {} : { OldImage: imageOf({ used: before, limit }) }),
    NewImage: imageOf({ used: after, limit }),
  } as DynamoDBRecord["dynamodb"],
});

/** Raises each alert once, as the store does, and fails where it is told to. */
function raiser(failures: Set<string> = new Set()) {
  const raised: string[] = [];
  const raise = async ({ alert, limit }: Alert): Promise<boolean> => {
    if (failures.delete(alert)) throw new Error("not now");
    const name = `${alert} of ${limit}`;
    if (raised.includes(name)) return false;
    raised.push(name);
    return true;
  };
  return {
    raised,
    deliver: (Records: DynamoDBRecord[]) => raiseUsageAlerts({ Records }, { raise, now: () => 0 }),
  };
}

describe("raising alerts", () => {
  it("names every mark that one charge has jumped over, the lowest first", async () => {
    const { raised, deliver } = raiser();
    expect(await deliver([step(undefined, 100)])).toEqual({ raised: 3 });
    expect(raised).toEqual(["80 of 100", "90 of 100", "100 of 100"]);
  });

  it("reads the images alone: a mark passed in any record of a batch is found", async () => {
    const { raised, deliver } = raiser();
    await deliver([step(undefined, 79), step(79, 80), step(80, 89), step(89, 101), step(101, 102)]);
    expect(raised).toEqual(["80 of 100", "90 of 100", "100 of 100", "overage of 100"]);
  });

  it.each(["80", "90", "100"])(
    "loses none where a batch fails at the %s %% mark and comes again as a whole",
    async (mark) => {
      const { raised, deliver } = raiser(new Set([mark]));
      const batch = [step(70, 85), step(85, 100)];
      await expect(deliver(batch)).rejects.toThrow("not now");
      await deliver(batch);
      expect(raised).toEqual(["80 of 100", "90 of 100", "100 of 100"]);
    },
  );

  it("loses none where the halves of a batch come one after the other, or twice", async () => {
    const { raised, deliver } = raiser();
    const batch = [step(0, 81), step(81, 95), step(95, 100)];
    await deliver(batch.slice(0, 2));
    await deliver(batch.slice(2));
    await deliver(batch);
    expect(raised).toEqual(["80 of 100", "90 of 100", "100 of 100"]);
  });

  it("says nothing of other items, nor of one that is gone", async () => {
    const { raised, deliver } = raiser();
    const gone = { dynamodb: { OldImage: imageOf({ used: 100, limit: 100 }) } } as DynamoDBRecord;
    const plan = { dynamodb: { NewImage: marshall({ pk: "MFR#mfr_1", sk: "PLAN" }) } };
    await deliver([gone, plan as DynamoDBRecord]);
    expect(raised).toEqual([]);
  });
});
