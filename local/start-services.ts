import { join } from "node:path";
import { startAwsProxy } from "./aws-proxy.ts";
import type { CallCounter } from "./call-counter.ts";
import { createCallCounter } from "./call-counter.ts";
import type { Database } from "./database.ts";
import { startDatabase } from "./database.ts";
import type { EmulatedService, FaultPlan } from "./faults.ts";
import { createFaultPlan } from "./faults.ts";
import { startKms } from "./kms/start-kms.ts";
import type { KeyArns } from "./provision-keys.ts";
import { provisionKeys } from "./provision-keys.ts";

/** The emulated AWS services that hold state, behind proxies that count calls and inject faults. */
export interface Services {
  database: Database;
  keyArns: KeyArns;
  /** Of the proxies: what the functions call. */
  endpoints: Readonly<Record<EmulatedService, string>>;
  calls: CallCounter;
  faults: FaultPlan;
  close: () => Promise<void>;
}

export interface ServiceOptions {
  now: () => number;
  /** The clock of the processes that call, where it is not `now`: answers carry its time. */
  callersNow?: (() => number) | undefined;
  /** Where their data lives; absent for memory only. */
  directory?: string | undefined;
  /** Other servers to use instead of the emulators. */
  external?: Readonly<Partial<Record<EmulatedService, string>>> | undefined;
  /** What the names of the tables begin with. */
  tablePrefix?: string | undefined;
}

export async function startServices({
  now,
  callersNow = now,
  directory,
  external = {},
  tablePrefix,
}: ServiceOptions): Promise<Services> {
  const kms = external.kms
    ? { url: external.kms, close: () => Promise.resolve() }
    : await startKms(now, directory && join(directory, "keys.json"));
  const database = await startDatabase({ directory, tablePrefix, endpoint: external.dynamodb });
  const keyArns = await provisionKeys(kms.url);
  const calls = createCallCounter();
  const faults = createFaultPlan();
  const startProxy = (service: EmulatedService, upstream: () => string) =>
    startAwsProxy({
      service,
      upstream,
      faults,
      now: callersNow,
      onCall: (operation) => calls.add(service, operation),
    });
  const [databaseProxy, kmsProxy] = await Promise.all([
    startProxy("dynamodb", database.url),
    startProxy("kms", () => kms.url),
  ]);
  const parts = [databaseProxy, kmsProxy, database, kms];
  return {
    database,
    keyArns,
    endpoints: { dynamodb: databaseProxy.url, kms: kmsProxy.url },
    calls,
    faults,
    close: async () => {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}
