import type { AuditRecord } from "../audit/record.ts";
import type { Message } from "./message.ts";
import { ownerMessages } from "./owner-messages.ts";
import { repudiate } from "./repudiate.ts";
import { secondFactorMessages } from "./second-factor-messages.ts";

/** What each domain event tells people (SP 800-63B-4 section 4.6, limits, erasure). An action without a row sends nothing. */
export const messages: Readonly<Record<string, Message>> = {
  "accounts.sign-up.requested": {
    recipient: "ticket",
    priority: "sign-up",
    subject: "Verify your e-mail address",
    text: ({ record, link }) =>
      `Somebody, probably you, signed up with this address at ${record.time} (UTC). Follow this link within 24 hours and give the password that was chosen at that time to finish:\n\n${link}\n\nIf it was not you, or not at that time, do nothing: without the link and that password no account comes to be.`,
  },
  "accounts.sign-up.repeated": {
    recipient: "subject",
    priority: "sign-up",
    subject: "Somebody tried to sign up with your address",
    text: () =>
      "Somebody tried to open an account with this address, which already has one. If it was you, sign in, or reset your password if you have forgotten it. If it was not you, nothing has happened and there is nothing to do.",
  },
  "accounts.manufacturer.created": {
    recipient: "actor",
    priority: "notice",
    subject: "Your account is ready",
    text: ({ record }) => `Your e-mail address is verified since ${record.time}. ${repudiate}`,
  },
  "accounts.member.invited": {
    recipient: "ticket",
    priority: "invitation",
    subject: "You are invited",
    text: ({ link }) =>
      `Your company has made an account for you. Follow this link within 7 days to choose a password:\n\n${link}\n\nIf you did not expect this, do nothing: without the link nobody can use the account.`,
  },
  "auth.password.reset-requested": {
    recipient: "ticket",
    priority: "reset",
    subject: "Reset your password",
    text: ({ link }) =>
      `Somebody, you or your administrator, asked for a new password for your account. Follow this link within an hour to choose one:\n\n${link}\n\nIf you did not expect this, do nothing: your password stays as it is.`,
  },
  "auth.password.reset": {
    recipient: "subject",
    subject: "Your password was changed",
    text: ({ record }) =>
      `Your password was set anew by an e-mailed link at ${record.time}, and every session was ended. ${repudiate}`,
  },
  "auth.password.changed": {
    recipient: "subject",
    subject: "Your password was changed",
    text: ({ record }) =>
      `Your password was changed at ${record.time}, and every other session was ended. ${repudiate}`,
  },
  "auth.password.unlocked": {
    recipient: "subject",
    subject: "Your account was unlocked: choose a new password",
    text: ({ record, link }) =>
      `An operator unlocked your account at ${record.time}, because somebody had guessed at your password or at a code of yours. Your password has stopped working and every session was ended. Ask for a reset link at ${link} and choose a new password, one that you use nowhere else. If you did not ask for this, tell your administrator.`,
  },
  "auth.refresh-token.reused": {
    recipient: "actor",
    subject: "A session of yours was ended",
    text: ({ record }) =>
      `A session of yours was ended at ${record.time}, because a token of it that had been used already was used again: a copy of it may be in other hands. Sign in again. ${repudiate}`,
  },
  "auth.member-sessions.ended": {
    recipient: "subject",
    subject: "Your sessions were ended",
    text: ({ record }) =>
      `An administrator ended every session of your account at ${record.time}. Sign in again to go on. If you do not know why, ask your administrator.`,
  },
  "auth.session.started": {
    recipient: "actor",
    priority: "notice",
    subject: "New sign-in to your account",
    text: ({ record }) =>
      `Somebody signed in to your account at ${record.time} from a device that had not signed in before. ${repudiate}`,
  },
  ...secondFactorMessages,
  ...ownerMessages,
};

/** A sign-in from a known device is everyday and not worth an e-mail. */
export const isWorthSending = (record: AuditRecord): boolean =>
  record.action !== "auth.session.started" || record.details?.["newDevice"] === true;
