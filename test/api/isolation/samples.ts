import { accessSamples } from "./samples/access.ts";
import { accountSamples } from "./samples/accounts.ts";
import { auditSamples } from "./samples/audit.ts";
import { authSamples } from "./samples/auth.ts";
import { businessDataSamples } from "./samples/business-data.ts";
import { operatorSamples } from "./samples/operator.ts";
import { performanceSamples } from "./samples/performance.ts";
import { platformSamples } from "./samples/platform.ts";
import type { Samples } from "./samples/scene.ts";
<<<<<<< HEAD
=======
import { threatSamples } from "./samples/threats.ts";
>>>>>>> main
import { usageSamples } from "./samples/usage.ts";

/** One working request of every operation. A domain adds its own file, and a line here. */
export const samples: Samples = {
  ...accessSamples,
  ...accountSamples,
  ...auditSamples,
  ...authSamples,
  ...operatorSamples,
  ...performanceSamples,
  ...platformSamples,
<<<<<<< HEAD
=======
  ...businessDataSamples,
  ...performanceSamples,
  ...threatSamples,
>>>>>>> main
  ...usageSamples,
};
