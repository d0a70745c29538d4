import { createContext, type ReactNode, useContext } from 'react';
import { addressLines } from '../../api/addresses.ts';
import type { Invoice } from '../../api/invoices.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { calendarDayText, countryName, type Money, moneyText, numberText } from '../../design/format.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import styles from './invoice-page.module.css';
import { type InvoiceWords, invoiceWords } from './invoice-words.ts';

type Line = Invoice['lines'][number];

/** How the language of a document writes its words, days and money. */
type InvoiceFormat = {
  words: InvoiceWords;
  day: (date: string) => string;
  money: (money: Money) => string;
  number: (value: number) => string;
};

const writingIn = (language: Invoice['locale']): InvoiceFormat => ({
  words: invoiceWords(language),
  day: (date) => calendarDayText(date, language),
  money: (money) => moneyText(money, language),
  number: (value) => numberText(value, language),
});
const WritingContext = createContext<InvoiceFormat>(writingIn('en'));
const useWriting = () => useContext(WritingContext);

/** A document as it was issued, with all that it has to say, in its own language. */
export function InvoiceSheet({ invoice }: { invoice: Invoice }) {
  const { seller, type, locale } = invoice;
  const writing = writingIn(locale);
  const { words } = writing;
  const isInvoice = type === 'invoice';
  return (
    <WritingContext value={writing}>
      <article className={styles.sheet} aria-labelledby="invoice" lang={locale}>
        <header className={styles.head}>
          <div>
            <h1 id="invoice">{isInvoice ? words.invoice : words.creditNote}</h1>
            <p className={styles.number}>{invoice.number}</p>
          </div>
          <AddressBlock lines={sellerLines(invoice, words)} className={styles.seller} />
        </header>
        <div className={styles.head}>
          <section>
            <h2 className={styles.label}>{isInvoice ? words.invoiceTo : words.creditTo}</h2>
            <AddressBlock lines={customerLines(invoice, words)} />
          </section>
          <Facts invoice={invoice} />
        </div>
        {invoice.reason !== undefined && (
          <section>
            <h2 className={styles.label}>{words.reason}</h2>
            <MultilineText text={invoice.reason} />
          </section>
        )}
        <Lines invoice={invoice} />
        <TaxTotals invoice={invoice} />
        {invoice.reverseCharge && <p>{words.reverseCharge}</p>}
        {seller.note !== undefined && <MultilineText text={seller.note} className={styles.note} />}
      </article>
    </WritingContext>
  );
}

const sellerLines = (
  { seller: { name, addressLines: lines, country, vatId }, locale }: Invoice,
  words: InvoiceWords,
) => [
  ...[name, ...lines],
  ...(country === undefined ? [] : [countryName(country, locale)]),
  ...(vatId === undefined ? [] : [`${words.vatId} ${vatId}`]),
];

const customerLines = ({ customer: { company, address, vatId }, locale }: Invoice, words: InvoiceWords) => [
  ...(company === undefined ? [] : [company]),
  ...addressLines(address, locale),
  ...(vatId === undefined ? [] : [`${words.vatId} ${vatId}`]),
];

function Facts({ invoice }: { invoice: Invoice }) {
  const { type, issuedOn, orderedOn, orderNumber, suppliedOn, paidOn, invoiceNumber } = invoice;
  const { words, day } = useWriting();
  return (
    <dl className={styles.facts}>
      <Fact name={words.issuedOn}>{day(issuedOn)}</Fact>
      {invoiceNumber !== undefined && <Fact name={words.forInvoice}>{invoiceNumber}</Fact>}
      <Fact name={words.order}>{orderNumber}</Fact>
      <Fact name={words.orderedOn}>{day(orderedOn)}</Fact>
      <Fact name={words.suppliedOn}>{suppliedOn === undefined ? words.whenSent : day(suppliedOn)}</Fact>
      {type === 'invoice' && <Fact name={words.paidOn}>{paidOn === undefined ? words.notPaid : day(paidOn)}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Lines({ invoice: { lines, type, taxIncluded } }: { invoice: Invoice }) {
  const isInvoice = type === 'invoice';
  const { words } = useWriting();
  const columns = [
    ...[words.description, words.units, ...(isInvoice ? [words.unitPrice, words.discount] : [])],
    ...[words.taxRate, words.net, words.tax, words.lineTotal],
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.wide} aria-label={words.description} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{isInvoice ? words.whatWasOrdered : words.whatIsCredited}</caption>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <LineRow key={line.sku ?? ' shipping'} line={line} isInvoice={isInvoice} />
          ))}
        </tbody>
      </table>
      {isInvoice && <p className={styles.soft}>{taxIncluded ? words.taxIncluded : words.taxExcluded}</p>}
    </section>
  );
}

function LineRow({ line, isInvoice }: { line: Line; isInvoice: boolean }) {
  const { words, money, number } = useWriting();
  return (
    <tr>
      <td>
        <bdi>{line.sku === undefined ? `${words.shipping}: ${line.title}` : line.title}</bdi>
        {line.sku !== undefined && <span className={styles.soft}>{line.sku}</span>}
      </td>
      <td>{line.quantity === undefined ? '–' : number(line.quantity)}</td>
      {isInvoice && <td>{line.unitPrice ? money(line.unitPrice) : '–'}</td>}
      {isInvoice && <td>{takenOff(line, money)}</td>}
      <td>{line.taxRatePercent === null ? '–' : `${number(line.taxRatePercent)} %`}</td>
      <td>{money(line.net)}</td>
      <td>{money(line.tax)}</td>
      <td>{money(line.gross)}</td>
    </tr>
  );
}

/** Discounts, and tax in the price that is not charged. */
function takenOff({ discount, taxExemption }: Line, money: InvoiceFormat['money']): string {
  const amount = discount.amount + taxExemption.amount;
  return amount === 0 ? '–' : money({ ...discount, amount: -amount });
}

function TaxTotals({ invoice: { taxTotals, net, tax, gross, type } }: { invoice: Invoice }) {
  const { words, money } = useWriting();
  return (
    <table className={`${styles.table} ${styles.totals}`}>
      <caption className="visually-hidden">{words.totalsByTaxRate}</caption>
      <thead>
        <tr>
          <th scope="col">{words.totals}</th>
          <th scope="col">{words.net}</th>
          <th scope="col">{words.tax}</th>
          <th scope="col">{words.gross}</th>
        </tr>
      </thead>
      <tbody>
        {taxTotals.map((total) => (
          <tr key={`${total.ratePercent} ${total.name}`}>
            <td>{total.name}</td>
            <td>{money(total.net)}</td>
            <td>{money(total.tax)}</td>
            <td>{money(total.gross)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{type === 'invoice' ? words.total : words.totalCredited}</th>
          <td>{money(net)}</td>
          <td>{money(tax)}</td>
          <td>{money(gross)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
