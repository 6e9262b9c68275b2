import type { SESv2Client } from "@aws-sdk/client-sesv2";
import { SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Email } from "./send-notification.ts";

/** Sends plain-text e-mail through Amazon SES. */
export const emailSender =
  (ses: SESv2Client, sender: string) =>
  async ({ to, subject, text }: Email): Promise<void> => {
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: sender,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: { Data: subject, Charset: "UTF-8" },
            Body: { Text: { Data: text, Charset: "UTF-8" } },
          },
        },
      }),
    );
  };
