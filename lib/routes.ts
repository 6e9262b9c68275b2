import { authRoutes, authTasks } from "./auth/api.ts";
import type { Route, Task } from "./http/route.ts";

/**
 * Every operation and every other function of the product. Read by infra, the local stack, the
 * contract printer and tests; never by a handler, which would drag all domains into its bundle.
 */
export const routes: readonly Route[] = [...authRoutes];
export const tasks: readonly Task[] = [...authTasks];
