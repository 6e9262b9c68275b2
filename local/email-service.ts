import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import * as z from "zod/mini";
import type { Journal } from "./journal.ts";
import type { Listener } from "./listen.ts";
import { listen } from "./listen.ts";
import { readBody } from "./read-body.ts";

/** An e-mail that would have been sent. */
export interface SentEmail {
  messageId: string;
  /** RFC 3339. */
  time: string;
  from: string;
  to: string[];
  subject: string;
  text?: string | undefined;
  html?: string | undefined;
}

const Part = z.object({ Data: z.string() });

const SendEmailRequest = z.object({
  FromEmailAddress: z.string(),
  Destination: z.object({ ToAddresses: z.array(z.string()).check(z.minLength(1)) }),
  Content: z.object({
    Simple: z.object({
      Subject: Part,
      Body: z.object({ Text: z.optional(Part), Html: z.optional(Part) }),
    }),
  }),
});

/** A local stand-in for Amazon SES v2: accepts simple messages and keeps them instead of sending. */
export function startEmailService(
  outbox: Journal<SentEmail>,
  now: () => number,
): Promise<Listener> {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => {
        const isSend = request.method === "POST" && request.url === "/v2/email/outbound-emails";
        const parsed = isSend ? parse(body) : undefined;
        if (!parsed) {
          response.writeHead(400, {
            "content-type": "application/json",
            "x-amzn-errortype": "BadRequestException",
          });
          response.end(JSON.stringify({ message: "Only simple messages are supported locally." }));
          return;
        }
        const email = toEmail(parsed, now());
        outbox.append(email);
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ MessageId: email.messageId }));
      })
      .catch(() => response.destroy());
  });
  return listen(server);
}

function parse(body: Buffer | undefined): z.output<typeof SendEmailRequest> | undefined {
  try {
    return z.safeParse(SendEmailRequest, JSON.parse(String(body))).data;
  } catch {
    return undefined;
  }
}

const toEmail = (
  { FromEmailAddress, Destination, Content }: z.output<typeof SendEmailRequest>,
  nowMs: number,
): SentEmail => ({
  messageId: randomUUID(),
  time: new Date(nowMs).toISOString(),
  from: FromEmailAddress,
  to: Destination.ToAddresses,
  subject: Content.Simple.Subject.Data,
  text: Content.Simple.Body.Text?.Data,
  html: Content.Simple.Body.Html?.Data,
});
