import { sourceBudget } from "../../lib/abuse/source-budget.ts";
import type { AcceptInvitationDependencies } from "../../lib/accounts/accept-invitation.ts";
import { acceptInvitation } from "../../lib/accounts/accept-invitation.ts";
import { invitationStore } from "../../lib/accounts/invitation-store.ts";
import { acceptInvitationRoute } from "../../lib/accounts/member-api.ts";
import { accountStore } from "../../lib/accounts/store.ts";
import { passwordSchemeOf } from "../../lib/auth/password-hash.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { trySpend } from "../../lib/aws/try-spend.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";

export const build = (
  dependencies: AcceptInvitationDependencies & OperationDependencies<typeof acceptInvitationRoute>,
) => operation(acceptInvitationRoute, acceptInvitation, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "SOURCE_BUDGET_FACTOR",
  "FIPS",
  "KEYS_TABLE",
  "PLATFORM_KEY_ARN",
  "IDENTITY_TABLE",
  "AUDIT_TABLE",
]);

export const handler = build({
  observe: observer(acceptInvitationRoute, env),
  sourceBudget: sourceBudget("passwords", {
    trySpend: trySpend(documents, env.IDENTITY_TABLE),
    factor: Number(env.SOURCE_BUDGET_FACTOR),
    now: systemClock,
  }),
  ...secretDependencies(documents, kms, env, systemClock),
  accounts: accountStore(documents, { identity: env.IDENTITY_TABLE, audit: env.AUDIT_TABLE }),
  invitations: invitationStore(documents, {
    identity: env.IDENTITY_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  passwordScheme: passwordSchemeOf(env.FIPS),
});
