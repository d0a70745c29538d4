import { GuestContact } from '@tradepost/contracts/events';
import { Value } from 'typebox/value';
import { documentOf } from '../domain/document-of.ts';
import type { Mail, MailContent } from '../domain/mail.ts';
import type { LinkTokens } from '../domain/mail-document.ts';
import { isOptional } from '../domain/optional-mails.ts';
import { unsubscribeToken } from '../domain/unsubscribe-token.ts';
import { type RenderedMail, renderDocument } from '../templates/render.ts';
import type { Context } from './context.ts';

/** The mail as it is sent, with its links. Throws where a token cannot be decrypted. */
export async function renderMail(ctx: Context, mail: Mail): Promise<RenderedMail> {
  const tokens = await tokensOf(ctx, mail.content);
  const unsubscribe = unsubscribeTokenOf(ctx, mail);
  return rendered(ctx, mail, { ...tokens, ...(unsubscribe !== undefined && { unsubscribe }) });
}

/** The mail as operators see it: without links that let somebody in. */
export function renderWithoutTokens(ctx: Context, mail: Mail): Promise<RenderedMail> {
  return rendered(ctx, mail, {});
}

/** The token that ends mails of this kind; undefined where they cannot be ended. */
export function unsubscribeTokenOf(
  { unsubscribeKeys }: Context,
  { accountId, content: { kind } }: Mail,
): string | undefined {
  return accountId !== null && isOptional(kind) ? unsubscribeToken(unsubscribeKeys, { accountId, kind }) : undefined;
}

/** The same for every attempt, so that mailbox software recognises a repetition. */
export const messageIdOf = ({ mailDomain }: Context, { id }: Mail): string => `<${id}@${mailDomain}>`;

function rendered(ctx: Context, mail: Mail, tokens: LinkTokens): Promise<RenderedMail> {
  const { branding } = ctx;
  const document = documentOf({ ...mail, recipient: mail.recipient ?? '' }, { branding, tokens });
  return renderDocument(document, { locale: mail.locale, branding });
}

async function tokensOf({ decrypt }: Context, content: MailContent): Promise<LinkTokens> {
  if ('encryptedToken' in content && content.encryptedToken !== undefined) {
    return { account: await decrypt(content.encryptedToken) };
  }
  if ('encryptedGuest' in content && content.encryptedGuest !== undefined) {
    return { guest: Value.Parse(GuestContact, JSON.parse(await decrypt(content.encryptedGuest))).token };
  }
  return {};
}
