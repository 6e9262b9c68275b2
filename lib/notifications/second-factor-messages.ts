import type { Message } from "./message.ts";
import { repudiate } from "./repudiate.ts";

const quoted = (label: string | undefined): string => (label === undefined ? "" : ` "${label}"`);

/** Every change of a second factor, and every sign that somebody else has one. */
export const secondFactorMessages: Readonly<Record<string, Message>> = {
  "mfa.factor.bound": {
    recipient: "subject",
    offersTakingBack: true,
    subject: "A second factor was added to your account",
    namesFactor: true,
    text: ({ record, label }) =>
      `The authenticator app${quoted(label)} was bound to your account at ${record.time}.`,
  },
  "mfa.factor.removed": {
    recipient: "subject",
    offersTakingBack: true,
    subject: "A second factor was removed from your account",
    text: ({ record }) =>
      `An authenticator app was removed from your account at ${record.time}.${record.details?.["wasLast"] === true ? " It was the last one: your password alone signs in now." : ""}`,
  },
  "mfa.factor.disabled": {
    recipient: "subject",
    subject: "A second factor of yours is disabled",
    namesFactor: true,
    text: ({ record, label }) =>
      `Somebody who knows your password entered 100 wrong codes of the authenticator app${quoted(label)}, the last at ${record.time}. It is disabled and has to be bound anew. ${repudiate}`,
  },
  "mfa.factor.unlocked": {
    recipient: "subject",
    subject: "An authenticator app that was guessed at is gone",
    text: ({ record }) =>
      `An operator took an authenticator app that wrong codes had disabled from your account at ${record.time}. Your other second factors work as before. If you did not ask for this, tell your administrator.`,
  },
  "mfa.factors.removed-by-operator": {
    recipient: "subject",
    subject: "All second factors of your account were removed",
    text: ({ record }) =>
      `An operator who had made sure who you are took every authenticator app, trusted device and backup code from your account at ${record.time}. Choose a new password by a reset link, sign in and bind an app; until then nothing else can be done. If you did not ask for this, tell your administrator at once: somebody may have pretended to be you.`,
  },
  "mfa.otp.guessed-at": {
    recipient: "subject",
    subject: "Somebody is guessing at your codes",
    text: ({ record }) =>
      `Five wrong codes of your authenticator app were entered in a row, the last at ${record.time}. Whoever did so has your password, or a session of yours. If it was not you, change your password now and end your other sessions; your second factor has kept them out so far.`,
  },
  "mfa.otp.replayed": {
    recipient: "subject",
    subject: "A code of yours was used twice",
    text: ({ record }) =>
      `A code of your authenticator app was entered a second time at ${record.time}, and refused. Somebody may have watched you enter it, or a page may have passed it on. ${repudiate}`,
  },
  "mfa.backup-codes.generated": {
    recipient: "subject",
    offersTakingBack: true,
    subject: "New backup codes were made",
    text: ({ record }) =>
      `New backup codes were made for your account at ${record.time}; all older ones have stopped working.`,
  },
  "mfa.backup-code.used": {
    recipient: "subject",
    subject: "A backup code was used",
    text: ({ record }) =>
      `Somebody signed in to your account with a backup code at ${record.time}. ${repudiate}`,
  },
  "devices.device.registered": {
    recipient: "subject",
    offersTakingBack: true,
    subject: "A device is trusted now",
    namesFactor: true,
    text: ({ record, label }) =>
      `The device${quoted(label)} was registered as a second factor of your account at ${record.time}.`,
  },
  "devices.device.revoked": {
    recipient: "subject",
    offersTakingBack: true,
    subject: "A device is trusted no more",
    text: ({ record }) => `A trusted device was revoked from your account at ${record.time}.`,
  },
};
