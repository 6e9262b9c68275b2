import type { ProblemTable } from "../problem-table.ts";

/** Members of a manufacturer, and what is sent to them. */
export const memberProblems = {
  "last-owner": {
    status: 409,
    title: "A manufacturer keeps at least one owner",
    retryable: false,
  },
  "last-operator": {
    status: 409,
    title: "The platform keeps at least one operator",
    retryable: false,
  },
  "role-above-own": {
    status: 403,
    title: "Nobody acts on a role above their own",
    retryable: false,
  },
  "already-invited": {
    status: 409,
    title: "The address has an open invitation of this manufacturer",
    retryable: false,
  },
  "already-a-member": {
    status: 409,
    title: "The address belongs to a member of this manufacturer",
    retryable: false,
  },
  "too-many-invitations": {
    status: 429,
    title: "The manufacturer has sent enough invitations for this hour",
    retryable: true,
  },
  "too-many-mails": {
    status: 429,
    title: "The address has been sent enough e-mails for this hour",
    retryable: true,
  },
} as const satisfies ProblemTable;
