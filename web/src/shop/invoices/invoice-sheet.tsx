import type { ReactNode } from 'react';
import { addressLines } from '../../api/addresses.ts';
import { type Invoice, typeText } from '../../api/invoices.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { calendarDayText, countryName, moneyText } from '../../design/format.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import styles from './invoice-page.module.css';

type Line = Invoice['lines'][number];

/** A document as it was issued, with all that it has to say. */
export function InvoiceSheet({ invoice }: { invoice: Invoice }) {
  const { seller, customer, type } = invoice;
  return (
    <article className={styles.sheet} aria-labelledby="invoice">
      <header className={styles.head}>
        <div>
          <h1 id="invoice">{typeText(type)}</h1>
          <p className={styles.number}>{invoice.number}</p>
        </div>
        <AddressBlock lines={sellerLines(seller)} className={styles.seller} />
      </header>
      <div className={styles.head}>
        <section>
          <h2 className={styles.label}>{type === 'invoice' ? 'Invoice to' : 'Credit to'}</h2>
          <AddressBlock lines={customerLines(customer)} />
        </section>
        <Facts invoice={invoice} />
      </div>
      {invoice.reason !== undefined && (
        <section>
          <h2 className={styles.label}>Reason</h2>
          <MultilineText text={invoice.reason} />
        </section>
      )}
      <Lines invoice={invoice} />
      <TaxTotals invoice={invoice} />
      {invoice.reverseCharge && <p>Reverse charge: the customer is liable for the VAT.</p>}
      {seller.note !== undefined && <MultilineText text={seller.note} className={styles.note} />}
    </article>
  );
}

const sellerLines = ({ name, addressLines: lines, country, vatId }: Invoice['seller']): string[] => [
  ...[name, ...lines],
  ...(country === undefined ? [] : [countryName(country)]),
  ...(vatId === undefined ? [] : [`VAT id ${vatId}`]),
];

const customerLines = ({ company, address, vatId }: Invoice['customer']): string[] => [
  ...(company === undefined ? [] : [company]),
  ...addressLines(address),
  ...(vatId === undefined ? [] : [`VAT id ${vatId}`]),
];

function Facts({ invoice }: { invoice: Invoice }) {
  const { type, issuedOn, orderedOn, orderNumber, suppliedOn, paidOn, invoiceNumber } = invoice;
  return (
    <dl className={styles.facts}>
      <Fact name="Date of issue">{calendarDayText(issuedOn)}</Fact>
      {invoiceNumber !== undefined && <Fact name="For invoice">{invoiceNumber}</Fact>}
      <Fact name="Order">{orderNumber}</Fact>
      <Fact name="Ordered on">{calendarDayText(orderedOn)}</Fact>
      <Fact name="Date of supply">{suppliedOn === undefined ? 'When sent' : calendarDayText(suppliedOn)}</Fact>
      {type === 'invoice' && (
        <Fact name="Paid on">{paidOn === undefined ? 'Not yet paid' : calendarDayText(paidOn)}</Fact>
      )}
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
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.wide} aria-label="Lines" tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{isInvoice ? 'What was ordered' : 'What is credited'}</caption>
        <thead>
          <tr>
            <th scope="col">Description</th>
            <th scope="col">Units</th>
            {isInvoice && <th scope="col">Unit price</th>}
            {isInvoice && <th scope="col">Discount</th>}
            <th scope="col">Tax rate</th>
            <th scope="col">Net</th>
            <th scope="col">Tax</th>
            <th scope="col">Total</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.sku ?? ' shipping'}>
              <td>
                <bdi>{line.sku === undefined ? `Shipping: ${line.title}` : line.title}</bdi>
                {line.sku !== undefined && <span className={styles.soft}>{line.sku}</span>}
              </td>
              <td>{line.quantity ?? '–'}</td>
              {isInvoice && <td>{line.unitPrice ? moneyText(line.unitPrice) : '–'}</td>}
              {isInvoice && <td>{takenOff(line)}</td>}
              <td>{rateText(line.taxRatePercent)}</td>
              <td>{moneyText(line.net)}</td>
              <td>{moneyText(line.tax)}</td>
              <td>{moneyText(line.gross)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isInvoice && (
        <p className={styles.soft}>Unit prices and discounts {taxIncluded ? 'include' : 'are without'} tax.</p>
      )}
    </section>
  );
}

/** Discounts, and tax in the price that is not charged. */
function takenOff({ discount, taxExemption }: Line): string {
  const amount = discount.amount + taxExemption.amount;
  return amount === 0 ? '–' : moneyText({ ...discount, amount: -amount });
}

const rateText = (percent: number | null): string => (percent === null ? '–' : `${percent} %`);

function TaxTotals({ invoice: { taxTotals, net, tax, gross, type } }: { invoice: Invoice }) {
  return (
    <table className={`${styles.table} ${styles.totals}`}>
      <caption className="visually-hidden">Totals by tax rate</caption>
      <thead>
        <tr>
          <th scope="col">Totals</th>
          <th scope="col">Net</th>
          <th scope="col">Tax</th>
          <th scope="col">Gross</th>
        </tr>
      </thead>
      <tbody>
        {taxTotals.map((total) => (
          <tr key={`${total.ratePercent} ${total.name}`}>
            <td>{total.name}</td>
            <td>{moneyText(total.net)}</td>
            <td>{moneyText(total.tax)}</td>
            <td>{moneyText(total.gross)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{type === 'invoice' ? 'Total' : 'Total credited'}</th>
          <td>{moneyText(net)}</td>
          <td>{moneyText(tax)}</td>
          <td>{moneyText(gross)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
