import { accessRoutes } from "./access/api.ts";
import { accountRoutes } from "./accounts/api.ts";
import { memberRoutes, memberTasks } from "./accounts/member-api.ts";
import { auditRoutes, auditTasks } from "./audit/api.ts";
import { authRoutes, authTasks } from "./auth/api.ts";
import { discoveryRoutes } from "./auth/discovery-api.ts";
import { passwordRoutes } from "./auth/password-api.ts";
import { businessDataRoutes } from "./business-data/api.ts";
import { deviceRoutes } from "./devices/api.ts";
import { encryptionRoutes } from "./encryption/api.ts";
import { erasureRoutes } from "./encryption/operator-api.ts";
import { encryptionTasks } from "./encryption/tasks.ts";
import type { Route, Task } from "./http/route.ts";
import { mfaRoutes } from "./mfa/api.ts";
import { secondStepRoutes } from "./mfa/sign-in-api.ts";
import { notificationTasks } from "./notifications/api.ts";
import { operatorRoutes, operatorTasks } from "./operator/api.ts";
import { performanceRoutes } from "./performance/api.ts";
import { performanceTasks } from "./performance/tasks.ts";
import { platformRoutes } from "./platform/api.ts";
import { threatRoutes } from "./threats/api.ts";
import { usageOperatorRoutes } from "./usage/operator-api.ts";
import { usageRoutes } from "./usage/rows.ts";
import { usageTasks } from "./usage/tasks.ts";

/**
 * Every operation and every other function of the product. Read by infra, the local stack, the
 * contract printer and tests; never by a handler, which would drag all domains into its bundle.
 */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...memberRoutes,
  ...authRoutes,
  ...passwordRoutes,
  ...secondStepRoutes,
  ...discoveryRoutes,
  ...mfaRoutes,
  ...deviceRoutes,
  ...accessRoutes,
  ...auditRoutes,
  ...businessDataRoutes,
  ...operatorRoutes,
  ...encryptionRoutes,
  ...erasureRoutes,
  ...performanceRoutes,
  ...platformRoutes,
  ...threatRoutes,
  ...usageRoutes,
  ...usageOperatorRoutes,
];

export const tasks: readonly Task[] = [
  ...memberTasks,
  ...authTasks,
  ...auditTasks,
  ...notificationTasks,
  ...operatorTasks,
  ...encryptionTasks,
  ...performanceTasks,
  ...usageTasks,
];
