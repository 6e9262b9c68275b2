import { accessSamples } from "./samples/access.ts";
import { accountSamples } from "./samples/accounts.ts";
import { auditSamples } from "./samples/audit.ts";
import { authSamples } from "./samples/auth.ts";
import { businessDataSamples } from "./samples/business-data.ts";
import { deviceSamples } from "./samples/devices.ts";
import { encryptionSamples } from "./samples/encryption.ts";
import { mfaSamples } from "./samples/mfa.ts";
import { operatorSamples } from "./samples/operator.ts";
import { performanceSamples } from "./samples/performance.ts";
import { platformSamples } from "./samples/platform.ts";
import type { Samples } from "./samples/scene.ts";
import { threatSamples } from "./samples/threats.ts";
import { usageSamples } from "./samples/usage.ts";

/** One working request of every operation. A domain adds its own file, and a line here. */
export const samples: Samples = {
  ...accessSamples,
  ...accountSamples,
  ...auditSamples,
  ...authSamples,
  ...deviceSamples,
  ...mfaSamples,
  ...operatorSamples,
  ...platformSamples,
  ...businessDataSamples,
  ...encryptionSamples,
  ...performanceSamples,
  ...threatSamples,
  ...usageSamples,
};
