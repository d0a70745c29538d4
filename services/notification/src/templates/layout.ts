import { Body } from '@react-email/body';
import { Button } from '@react-email/button';
import { Column } from '@react-email/column';
import { Container } from '@react-email/container';
import { Head } from '@react-email/head';
import { Heading } from '@react-email/heading';
import { Hr } from '@react-email/hr';
import { Html } from '@react-email/html';
import { Img } from '@react-email/img';
import { Link } from '@react-email/link';
import { Preview } from '@react-email/preview';
import { Row } from '@react-email/row';
import { Section } from '@react-email/section';
import { Text } from '@react-email/text';
import type { Locale } from '@tradepost/contracts/locales';
import { type CSSProperties, Fragment, createElement as h, type ReactElement } from 'react';
import { textsOf } from '../domain/document-of.ts';
import type { Branding, MailDocument } from '../domain/mail-document.ts';
import * as styles from './styles.ts';

/** The one template of all mails. React escapes every text in it. */
export function mailLayout(document: MailDocument, o: { locale: Locale; branding: Branding }): ReactElement {
  const { branding, locale } = o;
  return h(
    Html,
    { lang: locale },
    h(
      Head,
      null,
      h('title', null, document.subject),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'supported-color-schemes', content: 'light dark' }),
      h('style', null, styles.darkMode),
    ),
    h(Preview, null, document.preview),
    h(
      Body,
      { style: styles.page, className: 'page' },
      h(
        Container,
        { style: styles.card, className: 'card' },
        head(branding),
        h(Heading, { as: 'h1', style: styles.heading, className: 'ink' }, document.heading),
        ...document.paragraphs.map((text, key) => h(Text, { key, style: styles.paragraph, className: 'ink' }, text)),
        lines(document),
        facts(document),
        action(document, branding, locale),
        ...document.notes.map((text, key) =>
          h(Text, { key: `note ${key}`, style: styles.note, className: 'faint' }, text),
        ),
        foot(branding, document),
      ),
    ),
  );
}

function head({ logoUrl, shopName, publicUrl }: Branding): ReactElement {
  // The name stands in for a picture that is not shown.
  const content =
    logoUrl === undefined ? shopName : h(Img, { src: logoUrl, alt: shopName, height: 48, style: styles.logo });
  return h(
    Text,
    { style: styles.shop },
    h(Link, { href: publicUrl, style: styles.shopLink, className: 'ink' }, content),
  );
}

function lines({ lines: rows = [], totals = [] }: MailDocument): ReactElement | null {
  if (rows.length + totals.length === 0) return null;
  return h(
    Section,
    { style: styles.table },
    ...rows.map(({ quantity, title, amount = '' }, n) =>
      row(`line ${n}`, [`${quantity} ${title}`, amount], [styles.cell, styles.amount]),
    ),
    totals.length === 0 ? null : h(Hr, { style: styles.rule }),
    ...totals.map(({ label, amount, isTotal = false }, n) =>
      row(`total ${n}`, [label, amount], isTotal ? [styles.total, styles.totalAmount] : [styles.cell, styles.amount]),
    ),
  );
}

/** Two cells beside each other. */
function row(key: string, texts: [string, string], [left, right]: [CSSProperties, CSSProperties]): ReactElement {
  const cell = (text: string, style: CSSProperties) => h(Column, { style, className: 'ink' }, text);
  const children = h(Fragment, null, cell(texts[0], left), cell(texts[1], right));
  return h(Row, { key, children });
}

function facts({ facts: rows = [] }: MailDocument): ReactElement | null {
  if (rows.length === 0) return null;
  return h(
    Section,
    { style: styles.table },
    ...rows.map(({ label, value, isLink = false }, key) =>
      h(
        Text,
        { key, style: styles.fact, className: 'ink' },
        isLink ? h(Link, { href: value, style: styles.link }, label) : [`${label}: `, value],
      ),
    ),
  );
}

/** The address stands below the button too: some software shows no buttons, and some readers want to see where they are led. */
function action({ action: link }: MailDocument, { colour }: Branding, locale: Locale): ReactElement | null {
  if (!link) return null;
  const { linkBelow } = textsOf[locale];
  return h(
    Section,
    { style: styles.actions },
    h(Button, { href: link.url, style: { ...styles.button, backgroundColor: colour } }, link.label),
    h(
      Text,
      { style: styles.note, className: 'faint' },
      linkBelow,
      h('br'),
      h(Link, { href: link.url, style: styles.link }, link.url),
    ),
  );
}

function foot({ shopName, footer }: Branding, { unsubscribe }: MailDocument): ReactElement {
  const rows = [shopName, ...footer.split(/\r?\n/).filter((row) => row.trim() !== '')];
  return h(
    Section,
    null,
    h(Hr, { style: styles.rule }),
    ...rows.map((text, key) => h(Text, { key, style: styles.footer, className: 'faint' }, text)),
    unsubscribe === undefined
      ? null
      : h(Text, { style: styles.footer }, h(Link, { href: unsubscribe.url, style: styles.link }, unsubscribe.label)),
  );
}
