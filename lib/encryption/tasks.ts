import type { Task } from "../http/route.ts";

export const runReEncryptJobsTask = {
  operationId: "runReEncryptJobs",
  domain: "encryption",
  summary: "Move our own sealed fields off retired key versions, and destroy what is empty",
  triggers: [{ kind: "schedule", expression: "rate(5 minutes)" }],
  uses: [
    "keys:GetItem",
    "keys:Query",
    "keys:PutItem",
    "keys:UpdateItem",
    "keys:DeleteItem",
    "identity:GetItem",
    "identity:Query",
    "identity:UpdateItem",
    "manufacturer-key:Decrypt",
  ],
  settings: ["FIPS"],
  latencyBudgetMs: 240_000,
  timeoutSeconds: 240,
} as const satisfies Task;

export const rotateAgedKeysTask = {
  operationId: "rotateAgedKeys",
  domain: "encryption",
  summary: "Rotate the keys of manufacturers by age, as their settings say",
  triggers: [{ kind: "schedule", expression: "rate(6 hours)" }],
  uses: [
    "keys:Scan",
    "keys:GetItem",
    "keys:PutItem",
    "keys:UpdateItem",
    "audit:PutItem",
    "manufacturer-key:GenerateDataKeyWithoutPlaintext",
  ],
  latencyBudgetMs: 600_000,
  timeoutSeconds: 600,
} as const satisfies Task;

export const suspendErasedMembersTask = {
  operationId: "suspendErasedMembers",
  domain: "encryption",
  summary:
    "Suspend the members of a manufacturer that is to be erased; give them back if it is not",
  triggers: [{ kind: "event", detailTypePrefixes: ["operator.manufacturer.erasure-"] }],
  uses: ["keys:GetItem", "keys:ConditionCheckItem", "identity:Query", "identity:UpdateItem"],
  latencyBudgetMs: 60_000,
  timeoutSeconds: 300,
} as const satisfies Task;

export const shredErasedManufacturersTask = {
  operationId: "shredErasedManufacturers",
  domain: "encryption",
  summary: "Destroy the keys, the members and the profile of manufacturers whose time has come",
  triggers: [{ kind: "schedule", expression: "rate(1 hour)" }],
  uses: [
    "keys:GetItem",
    "keys:Query",
    "keys:PutItem",
    "keys:UpdateItem",
    "keys:DeleteItem",
    "keys:ConditionCheckItem",
    "identity:Query",
    "identity:PutItem",
    "identity:UpdateItem",
    "identity:DeleteItem",
    "audit:PutItem",
  ],
  latencyBudgetMs: 600_000,
  timeoutSeconds: 600,
} as const satisfies Task;

export const encryptionTasks: readonly Task[] = [
  runReEncryptJobsTask,
  rotateAgedKeysTask,
  suspendErasedMembersTask,
  shredErasedManufacturersTask,
];
