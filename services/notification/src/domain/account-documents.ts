import { momentText } from './format.ts';
import type { AccountMailKind, MailContent } from './mail.ts';
import type { MailDocument } from './mail-document.ts';
import { type DocumentContext, headOf } from './order-documents.ts';

export type AccountMail = Extract<MailContent, { kind: AccountMailKind }>;

/** A mail about an account. `email` is the address that it goes to. */
export function accountDocument(mail: AccountMail, email: string, o: DocumentContext): MailDocument {
  const { texts, locale, branding } = o;
  const said = texts[mail.kind]({ shop: branding.shopName, email });
  const url = linkOf(mail, o);
  const isHidden = mail.encryptedToken !== undefined && url === undefined;
  const validUntil =
    url !== undefined && mail.expiresAt !== undefined ? [texts.validUntil(momentText(mail.expiresAt, locale))] : [];
  const facts = factsOf(mail, o);
  return {
    ...headOf(said, o),
    paragraphs: [texts.hello(o.name), ...said.paragraphs],
    ...(facts.length > 0 && { facts }),
    ...(said.action !== undefined && url !== undefined && { action: { label: said.action, url } }),
    notes: [...validUntil, ...(isHidden ? [texts.linkHidden] : []), ...(said.notes ?? [])],
  };
}

/** The token is in the fragment, which browsers send to no server: it is in no log. */
function linkOf({ path, encryptedToken }: AccountMail, { branding, tokens }: DocumentContext): string | undefined {
  if (path === undefined || encryptedToken === undefined || tokens.account === undefined) return undefined;
  const url = new URL(path, branding.publicUrl);
  // A path that leads to another host (`//evil.example`) is an error of whoever wrote the event.
  if (url.origin !== new URL(branding.publicUrl).origin) return undefined;
  url.hash = `token=${encodeURIComponent(tokens.account)}`;
  return url.href;
}

/** These tell of something that has happened, so they say when. */
const notices: ReadonlySet<AccountMailKind> = new Set<AccountMailKind>([
  'new_sign_in',
  'password_changed',
  'email_changed',
  'second_factor_on',
  'second_factor_off',
  'second_factor_removed',
  'recovery_code_used',
  'passkey_added',
  'provider_connected',
  'provider_disconnected',
  'account_erased',
]);

function factsOf(
  { kind, at, userAgent, newEmail, provider }: AccountMail,
  { texts: { labels }, locale }: DocumentContext,
) {
  return [
    ...(notices.has(kind) ? [{ label: labels.time, value: momentText(at, locale) }] : []),
    ...(provider ? [{ label: labels.provider, value: provider }] : []),
    ...(userAgent ? [{ label: labels.device, value: userAgent }] : []),
    ...(newEmail ? [{ label: labels.newEmail, value: newEmail }] : []),
  ];
}
