import { type Locale, locales } from '@tradepost/contracts/locales';
import { expect, it } from 'vitest';
import { documentOf } from '../domain/document-of.ts';
import type { MailContent } from '../domain/mail.ts';
import type { Branding } from '../domain/mail-document.ts';
import { sampleMails } from '../domain/sample-mails.ts';
import { renderDocument } from './render.ts';

const branding: Branding = {
  ...{ shopName: 'Tea & Mugs', publicUrl: 'https://shop.example', logoUrl: undefined, colour: '#1f5f4a' },
  footer: 'Tea & Mugs Ltd\n1 High Street, Dublin',
};
const tokens = { account: 'secret', guest: 'secret', unsubscribe: 'secret' };

const render = (content: MailContent, locale: Locale, over: Partial<Branding> = {}) => {
  const mail = { content, locale, recipient: 'ada@example.com', recipientName: 'Ada' };
  const all = { ...branding, ...over };
  return renderDocument(documentOf(mail, { branding: all, tokens }), { locale, branding: all });
};
const each = sampleMails.flatMap((content) => locales.map((locale) => ({ content, locale, kind: content.kind })));

it.each(each)('$kind in $locale says the same as text and as HTML', async ({ content, locale }) => {
  const { subject, html, text } = await render(content, locale);
  expect(html).toContain(`lang="${locale}"`);
  expect(html).not.toMatch(/undefined|NaN|\[object|<script|<img/);
  expect(text).not.toMatch(/undefined|NaN|\[object|<[a-z]/);
  expect(subject).toContain('Tea & Mugs');
  // Every text of the mail is in both.
  const { heading, paragraphs } = documentOf(
    { content, locale, recipient: 'ada@example.com', recipientName: 'Ada' },
    { branding, tokens },
  );
  const plain = text.replace(/\s+/g, ' ').toLowerCase();
  for (const part of [heading, ...paragraphs, 'Tea & Mugs Ltd'])
    expect(plain).toContain(part.replace(/\s+/g, ' ').toLowerCase());
  expect(html).toContain('Tea &amp; Mugs Ltd');
});

it.each(each)('$kind in $locale has a link only where it leads somewhere', async ({ content, locale }) => {
  const { html } = await render(content, locale);
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);
  for (const link of links) expect(link).toMatch(/^https:\/\/(shop\.example|www\.dhl\.com)(\/|$)/);
});

it('writes amounts with the decimals of their currency, and as the language does', async () => {
  const [sample] = sampleMails.filter(({ kind }) => kind === 'order_refunded');
  if (sample?.kind !== 'order_refunded') throw new Error('There is no sample');
  const text = async (amount: number, currency: string, locale: Locale) =>
    (await render({ ...sample, amount: { amount, currency } }, locale)).text;
  expect(await text(123_456, 'EUR', 'en')).toContain('€1,234.56');
  expect(await text(123_456, 'EUR', 'de')).toMatch(/1\.234,56\s€/);
  expect(await text(1_234, 'JPY', 'en')).toMatch(/¥1,234(?!\.)/);
  expect(await text(1_234, 'KWD', 'en')).toMatch(/KWD\s1\.234/);
  // `Intl` by itself shows no decimals for it.
  expect(await text(123_400, 'HUF', 'en')).toMatch(/HUF\s1,234\.00/);
});

it('shows the logo with the name in its place, and the colours of the shop', async () => {
  const content = sampleMails.find(({ kind }) => kind === 'reset_password');
  if (!content) throw new Error('There is no sample');
  const { html } = await render(content, 'en', { logoUrl: 'https://shop.example/logo.png', colour: '#aa0000' });
  expect(html).toMatch(/<img[^>]*alt="Tea &amp; Mugs"/);
  expect(html).toContain('#aa0000');
  expect(html).toContain('prefers-color-scheme: dark');
});
