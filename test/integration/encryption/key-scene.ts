import { KMSClient } from "@aws-sdk/client-kms";
import { createManufacturerKeys } from "../../../lib/encryption/create-manufacturer-keys.ts";
import { erasedManufacturersStore } from "../../../lib/encryption/erased-manufacturers-store.ts";
import { erasureStore } from "../../../lib/encryption/erasure-store.ts";
import { createKeyHierarchy } from "../../../lib/encryption/key-hierarchy.ts";
import type { KeyRingOptions } from "../../../lib/encryption/key-ring.ts";
import { KeyRing } from "../../../lib/encryption/key-ring.ts";
import { createRandomPool } from "../../../lib/encryption/random-pool.ts";
import { keyStore } from "../../../lib/encryption/store.ts";
import { newId } from "../../../lib/id.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import type { ServicesUnderTest } from "../../support/services.ts";

export const kmsClient = (services: ServicesUnderTest): KMSClient =>
  new KMSClient({ endpoint: services.endpoints.kms, region, credentials, maxAttempts: 2 });

/** Whoever changes keys does it in this one, unless a test says otherwise. */
export const sessionId = "ses_of_the_scene";

/** A new manufacturer, the parts that manage its keys and a clock that the test moves. */
export function createKeyScene(services: ServicesUnderTest) {
  const clock = { nowMs: Date.UTC(2026, 10, 24) };
  const now = () => clock.nowMs;
  const hierarchy = createKeyHierarchy({
    kms: kmsClient(services),
    kmsKeyArn: services.keyArns.manufacturer,
    application: "manufacturer-security-test",
    region,
  });
  const table = services.tableNames.keys;
  const store = keyStore(services.documents, table);
  const erased = erasedManufacturersStore(services.documents, services.tableNames.identity);
  const management = { store, hierarchy, now };
  return {
    manufacturerId: newId("manufacturer"),
    clock,
    now,
    hierarchy,
    store,
    table,
    management,
    erased,
    erasing: { store, erasure: erasureStore(services.documents, table), now },
    /** What one function has in memory: a key ring of its own, cold. */
    createEnvironment: (ring: Partial<KeyRingOptions> = {}) =>
      ({
        keyRing: new KeyRing({
          hierarchy,
          now,
          readManufacturerKeys: store.readManufacturerKeys,
          readVersion: store.readVersion,
          isErased: erased.isErased,
          createManufacturerKeys: (id) => createManufacturerKeys(management, id),
          ...ring,
        }),
        random: createRandomPool(),
        now,
        fips: "off",
      }) as const,
  };
}
