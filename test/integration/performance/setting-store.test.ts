import { expect, test } from "vitest";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { rollupStore } from "../../../lib/performance/rollup-store.ts";
import { settingStore } from "../../../lib/performance/setting-store.ts";
import { race } from "../../support/race.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();

test("of changes to the same revision at the same time one is stored, and it is in the catalogue", async () => {
  const { metrics, audit } = services.tableNames;
  const store = settingStore(services.documents, { metrics, audit });
  const setting = {
    cache: "performance-overview",
    previousSeconds: 10,
    changedAtMs: Date.parse("2026-03-01T00:00:00Z"),
  } as const;
  const change = (lifetimeSeconds: number, revision: number) =>
    store.change(
      { ...setting, lifetimeSeconds, revision },
      { actorId: "mem_1", origin: systemOrigin("request-1"), evidence: {} },
    );
  for (const revision of [1, 2]) {
    const { fulfilled, rejected } = await race(10, (index) => change(20 + index, revision));
    expect(rejected).toEqual([]);
    expect(fulfilled.filter((isStored) => isStored)).toHaveLength(1);
  }
  const { settings } = await rollupStore(services.documents, metrics).readCatalogue();
  expect(settings).toMatchObject([{ cache: "performance-overview", revision: 2 }]);
});
