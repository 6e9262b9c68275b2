import { identityKeys } from "../aws/item-keys.ts";
import type { PeriodBudget } from "../aws/period-budget.ts";
import { hourEndMs, hourOf } from "../aws/period-budget.ts";
import type { TrySpend } from "../aws/try-spend.ts";
import type { Clock } from "../clock.ts";

/**
 * How much of an hour's e-mails may be spent before a kind is no longer sent. What strangers can cause
 * stops first, so that resets and warnings still go out.
 */
const shares = { "sign-up": 0.5, invitation: 0.7, notice: 0.8, reset: 0.9, warning: 1 } as const;

export type MailPriority = keyof typeof shares;

/** E-mails of a priority that one address is sent within an hour, whoever causes them. */
const perAddressMax: Readonly<Record<MailPriority, number>> = {
  "sign-up": 30,
  invitation: 50,
  notice: 30,
  reset: 30,
  warning: 60,
};

/** What one manufacturer's members may be sent of all e-mails of an hour. */
const manufacturerShare = 0.25;

export interface Mail {
  emailHash: string;
  priority: MailPriority;
  manufacturerId: string;
}

/** Whether an e-mail may be sent; counts it if so. */
export type ClaimMail = (mail: Mail) => Promise<boolean>;

/**
 * Counts each e-mail against the hour of its address, of its manufacturer, and of the whole deployment,
 * one conditional update each. What a later one refuses stays counted at those before it.
 *
 * @throws Error for a warning when the deployment's hour is spent: the event is repeated and then parked,
 * never dropped
 */
export const claimMail =
  ({
    trySpend,
    mailsPerHour,
    reportRefusal,
    now,
  }: {
    trySpend: TrySpend;
    /** Below what SES sends in an hour. */
    mailsPerHour: number;
    reportRefusal: (mails: number, cause: { priority: MailPriority }) => void;
    now: Clock;
  }): ClaimMail =>
  async ({ emailHash, priority, manufacturerId }) => {
    const nowMs = now();
    const hour = hourOf(nowMs);
    const budget = (key: PeriodBudget["key"], max: number): PeriodBudget => ({
      key,
      max: Math.floor(max),
      endsAtMs: hourEndMs(nowMs),
    });
    const ofAll = mailsPerHour * shares[priority];
    const ofAddress = budget(
      identityKeys.mailBudget(emailHash, `sent-${priority}`, hour),
      perAddressMax[priority],
    );
    const ofManufacturer = budget(
      identityKeys.mailsOf(manufacturerId, hour),
      ofAll * manufacturerShare,
    );
    // A sign-up is no manufacturer's yet, and whoever repeats one must not spend what its owner's has.
    const own = priority === "sign-up" ? [ofAddress] : [ofAddress, ofManufacturer];
    for (const narrow of own) {
      if (!(await trySpend(narrow))) return refuse();
    }
    if (await trySpend(budget(identityKeys.mails(hour), ofAll))) return true;
    if (priority === "warning") throw new Error("the e-mails of this hour are spent");
    return refuse();

    function refuse(): false {
      reportRefusal(1, { priority });
      return false;
    }
  };
