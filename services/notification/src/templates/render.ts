import { render, toPlainText } from '@react-email/render';
import type { Locale } from '@tradepost/contracts/locales';
import type { Branding, MailDocument } from '../domain/mail-document.ts';
import { mailLayout } from './layout.ts';

export type RenderedMail = { subject: string; html: string; text: string };

/** HTML by the one template, and the text that is made of it. */
export async function renderDocument(
  document: MailDocument,
  o: { locale: Locale; branding: Branding },
): Promise<RenderedMail> {
  const html = await render(mailLayout(document, o));
  return { subject: document.subject, html, text: toPlainText(html) };
}
