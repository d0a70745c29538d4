/**
 * What a mail says, in one language and without any form: the one template (`templates/layout.ts`) makes HTML of it, and the text is made
 * of that HTML. Every text is plain.
 */
export type MailDocument = {
  subject: string;
  /** What mailbox software shows beside the subject. */
  preview: string;
  heading: string;
  paragraphs: readonly string[];
  lines?: readonly { title: string; quantity: string; amount?: string }[];
  totals?: readonly { label: string; amount: string; isTotal?: boolean }[];
  facts?: readonly { label: string; value: string; isLink?: boolean }[];
  /** The button. */
  action?: { label: string; url: string };
  /** Below the button, in small letters. */
  notes: readonly string[];
  /** Below everything: where mails of this kind are ended. */
  unsubscribe?: { label: string; url: string };
};

/** What the shop looks like in mails; from the settings. */
export type Branding = {
  shopName: string;
  /** The origin that links begin with, without a `/` at its end. */
  publicUrl: string;
  logoUrl: string | undefined;
  colour: string;
  footer: string;
};

/** The decrypted tokens of links. Without them a document has no link that needs one: operators see it so. */
export type LinkTokens = { guest?: string; account?: string; unsubscribe?: string };

const MAX_LINE = 200;

/** A text as one line for a header: without control characters and line breaks, and not longer than mailbox software shows. */
export function singleLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length <= MAX_LINE
    ? line
    : `${Array.from(line)
        .slice(0, MAX_LINE - 1)
        .join('')}…`;
}
