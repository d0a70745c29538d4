import { trackingUrl } from '@tradepost/contracts/carriers';
import type { Locale } from '@tradepost/contracts/locales';
import type { Money } from '@tradepost/contracts/money';
import { dayText, momentText, moneyText } from './format.ts';
import type { MailTexts, Texts } from './locales/texts.ts';
import type { AboutOrder, MailContent } from './mail.ts';
import type { Branding, LinkTokens, MailDocument } from './mail-document.ts';

export type OrderMail = Extract<MailContent, AboutOrder>;
export type SellerMail = Extract<MailContent, { kind: 'new_order' }>;
export type LowStockMail = Extract<MailContent, { kind: 'low_stock' }>;

/** What a document is made with. `name` is that of the reader, or empty. */
export type DocumentContext = { texts: Texts; locale: Locale; branding: Branding; name: string; tokens: LinkTokens };

type Order = AboutOrder['order'];

/** A mail to the customer of an order. */
export function orderDocument(mail: OrderMail, o: DocumentContext): MailDocument {
  const said = wordsOf(mail, o);
  const url = orderUrl(mail, o);
  return {
    ...headOf(said, o),
    paragraphs: [o.texts.hello(o.name), ...said.paragraphs, ...instructionsOf(mail)],
    ...partsOf(mail, o),
    ...(said.action !== undefined && url !== undefined && { action: { label: said.action, url } }),
    notes: url === undefined ? [o.texts.linkHidden] : [],
  };
}

/** A mail to a seller: the own lines, and nothing about the customer. */
export function sellerDocument(mail: SellerMail, o: DocumentContext): MailDocument {
  const { branding, texts, locale } = o;
  const units = mail.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const said = texts.new_order({ number: mail.number, shop: branding.shopName, units });
  return {
    ...headOf(said, o),
    paragraphs: [texts.hello(o.name), ...said.paragraphs],
    lines: mail.lines.map((line) => lineOf(line, locale)),
    ...(said.action !== undefined && {
      action: { label: said.action, url: `${branding.publicUrl}/sell/orders/${mail.orderId}` },
    }),
    ...unsubscribeOf(o),
    notes: [],
  };
}

/** A mail to a seller of whose goods few are left. */
export function lowStockDocument(mail: LowStockMail, o: DocumentContext): MailDocument {
  const { branding, texts } = o;
  const { sku, productId, title, variantTitle, available } = mail;
  const name = variantTitle === '' ? title : `${title}, ${variantTitle}`;
  const said = texts.low_stock({ shop: branding.shopName, title: name, available });
  return {
    ...headOf(said, o),
    paragraphs: [texts.hello(o.name), ...said.paragraphs],
    facts: [
      { label: texts.labels.sku, value: sku },
      { label: texts.labels.available, value: String(available) },
    ],
    ...(said.action !== undefined && {
      action: { label: said.action, url: `${branding.publicUrl}/sell/products/${productId}` },
    }),
    ...unsubscribeOf(o),
    notes: [],
  };
}

/** The page with the button. The token is in the fragment, which browsers send to no server. */
const unsubscribeOf = ({ branding, texts, tokens }: DocumentContext): Pick<MailDocument, 'unsubscribe'> =>
  tokens.unsubscribe === undefined
    ? {}
    : {
        unsubscribe: { label: texts.unsubscribe, url: `${branding.publicUrl}/unsubscribe#token=${tokens.unsubscribe}` },
      };

export const headOf = ({ subject, preview, heading }: MailTexts, { branding }: DocumentContext) => ({
  subject: `${subject} – ${branding.shopName}`,
  ...{ preview, heading },
});

function wordsOf(mail: OrderMail, { texts, locale, branding }: DocumentContext): MailTexts {
  const names = { number: mail.order.number, shop: branding.shopName };
  switch (mail.kind) {
    case 'payment_needed':
      return texts.payment_needed[mail.reason]({ ...names, payBy: payByText(mail, locale) });
    case 'order_sent':
      return texts.order_sent({ ...names, complete: mail.complete });
    case 'return_received':
      return texts.return_received({ ...names, isRefunded: mail.isRefunded });
    case 'order_refunded':
      return texts.order_refunded({ ...names, amount: moneyText(mail.amount, locale) });
    default:
      return texts[mail.kind](names);
  }
}

/** A transfer takes days; other payments have minutes. */
const payByText = ({ reason, payBy }: Extract<MailContent, { kind: 'payment_needed' }>, locale: Locale): string =>
  reason === 'transfer' ? dayText(payBy, locale) : momentText(payBy, locale);

const instructionsOf = (mail: OrderMail): string[] =>
  mail.kind === 'payment_needed' && mail.instructions !== undefined ? mail.instructions.split(/\r?\n/) : [];

/** Lines, totals and facts, as far as a kind of mail shows them. */
function partsOf(
  mail: OrderMail,
  { texts, locale }: DocumentContext,
): Pick<MailDocument, 'lines' | 'totals' | 'facts'> {
  const { labels } = texts;
  switch (mail.kind) {
    case 'order_confirmed':
    case 'payment_needed':
      return {
        lines: mail.order.lines.map((line) => lineOf(line, locale)),
        totals: totalsOf(mail.order, texts, locale),
      };
    case 'order_sent':
      return { lines: unitsOf(mail, mail.parcel), facts: parcelFacts(mail, texts) };
    case 'return_received':
      return { lines: unitsOf(mail, mail.returned) };
    case 'order_refunded':
      return { facts: [{ label: labels.amount, value: moneyText(mail.amount, locale) }] };
    default:
      return {};
  }
}

/** Units of an order, named as the order names them. */
function unitsOf({ order }: AboutOrder, units: readonly { sku: string; quantity: number }[]) {
  const titles = new Map(order.lines.map(({ sku, title }) => [sku, title]));
  return units.map(({ sku, quantity }) => ({ title: titles.get(sku) ?? sku, quantity: `${quantity} ×` }));
}

function parcelFacts({ carrier, trackingNumber }: Extract<MailContent, { kind: 'order_sent' }>, texts: Texts) {
  const url = trackingUrl(carrier, trackingNumber);
  return [
    ...(carrier ? [{ label: texts.labels.carrier, value: carrier }] : []),
    ...(trackingNumber ? [{ label: texts.labels.trackingNumber, value: trackingNumber }] : []),
    ...(url ? [{ label: texts.trackingLink, value: url, isLink: true }] : []),
  ];
}

const lineOf = (line: Order['lines'][number], locale: Locale) => ({
  title: line.title,
  quantity: `${line.quantity} ×`,
  amount: moneyText(line.total, locale),
});

/** As the checkout shows them: what is zero is left out. */
function totalsOf(order: Order, { labels }: Texts, locale: Locale) {
  const row = (label: string, money: Money, sign = '') =>
    money.amount === 0 ? [] : [{ label, amount: `${sign}${moneyText(money, locale)}` }];
  return [
    ...row(labels.subtotal, order.subtotal),
    ...row(labels.discount, order.discount, '−'),
    ...row(labels.shipping, order.shipping),
    ...row(labels.taxExemption, order.taxExemption, '−'),
    ...(order.taxIncluded ? [] : row(labels.tax, order.tax)),
    { label: labels.total, amount: moneyText(order.total, locale), isTotal: true },
    ...(order.taxIncluded ? row(labels.taxIncluded, order.tax) : []),
  ];
}

/** The page of the order; for a guest with the token that opens it, as the shop's own link has it. Undefined while the token is not shown. */
function orderUrl({ orderId, encryptedGuest }: OrderMail, { branding, tokens }: DocumentContext): string | undefined {
  const page = `${branding.publicUrl}/orders/${orderId}`;
  if (encryptedGuest === undefined) return page;
  return tokens.guest === undefined ? undefined : `${page}?${new URLSearchParams({ token: tokens.guest })}`;
}
