import { authenticator } from "../../lib/access/authenticate.ts";
import { authenticationDependencies } from "../../lib/access/authentication.ts";
import type { CreateMemberDependencies } from "../../lib/accounts/create-member.ts";
import { createMember } from "../../lib/accounts/create-member.ts";
import { invitationStore } from "../../lib/accounts/invitation-store.ts";
import { createMemberRoute } from "../../lib/accounts/member-api.ts";
import { refusalRecorder } from "../../lib/audit/record-refusal.ts";
import { secretDependencies } from "../../lib/auth/platform-dependencies.ts";
import { documents } from "../../lib/aws/documents.ts";
import { kms } from "../../lib/aws/kms.ts";
import { systemClock } from "../../lib/clock.ts";
import { readEnv } from "../../lib/config.ts";
import { observer } from "../../lib/http/observe.ts";
import type { OperationDependencies } from "../../lib/http/operation.ts";
import { operation } from "../../lib/http/operation.ts";
import { bodyScreenOf } from "../../lib/threats/screen-body.ts";

export const build = (
  dependencies: CreateMemberDependencies & OperationDependencies<typeof createMemberRoute>,
) => operation(createMemberRoute, createMember, dependencies);

const env = readEnv([
  "STAGE",
  "VERSION",
  "ISSUER",
  "KEYS_TABLE",
  "IDENTITY_TABLE",
  "PLATFORM_KEY_ARN",
  "AUDIT_TABLE",
]);

export const handler = build({
  authenticate: authenticator(authenticationDependencies(documents, env, systemClock)),
  recordRefusal: refusalRecorder(documents, env, systemClock),
  observe: observer(createMemberRoute, env),
  ...secretDependencies(documents, kms, env, systemClock),
  invitations: invitationStore(documents, {
    identity: env.IDENTITY_TABLE,
    audit: env.AUDIT_TABLE,
  }),
  screenBody: bodyScreenOf(documents, env, systemClock),
});
