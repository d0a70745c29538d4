import type { Locale } from '@tradepost/contracts/locales';
import { accountDocument } from './account-documents.ts';
import { de } from './locales/de.ts';
import { en } from './locales/en.ts';
import { es } from './locales/es.ts';
import { fr } from './locales/fr.ts';
import type { Texts } from './locales/texts.ts';
import type { MailContent } from './mail.ts';
import { type Branding, type LinkTokens, type MailDocument, singleLine } from './mail-document.ts';
import { lowStockDocument, orderDocument, sellerDocument } from './order-documents.ts';

export const textsOf: Record<Locale, Texts> = { en, de, fr, es };

export type MailToShow = { content: MailContent; locale: Locale; recipient: string; recipientName: string };

/** What a mail says, in its language. */
export function documentOf(mail: MailToShow, o: { branding: Branding; tokens: LinkTokens }): MailDocument {
  const context = { ...o, locale: mail.locale, texts: textsOf[mail.locale], name: singleLine(mail.recipientName) };
  const { content } = mail;
  const document = documentOfKind();
  return { ...document, subject: singleLine(document.subject) };

  function documentOfKind(): MailDocument {
    if (content.kind === 'new_order') return sellerDocument(content, context);
    if (content.kind === 'low_stock') return lowStockDocument(content, context);
    if ('order' in content) return orderDocument(content, context);
    return accountDocument(content, mail.recipient, context);
  }
}
