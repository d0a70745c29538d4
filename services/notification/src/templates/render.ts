import type { Locale } from '@tradepost/contracts/locales';
import type { Branding, MailDocument } from '../domain/mail-document.ts';

export type RenderedMail = { subject: string; html: string; text: string };

/** Loaded with the first mail: React would be a fifth of what the service loads at its start. */
const loadTemplate = () => Promise.all([import('@react-email/render'), import('./layout.ts')]);

/** HTML by the one template, and the text that is made of it. */
export async function renderDocument(
  document: MailDocument,
  o: { locale: Locale; branding: Branding },
): Promise<RenderedMail> {
  const [{ render, toPlainText }, { mailLayout }] = await loadTemplate();
  const html = await render(mailLayout(document, o));
  return { subject: document.subject, html, text: toPlainText(html) };
}
