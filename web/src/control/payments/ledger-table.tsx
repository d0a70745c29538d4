import { moneyText, Time } from '../../design/format.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { accountText, entryTypeText } from './ledger-words.ts';
import type { LedgerEntry } from './payment-queries.ts';

const columns: Column<LedgerEntry>[] = [
  { heading: 'Time', cell: ({ at }) => <Time at={at} /> },
  { heading: 'Entry', cell: ({ type }) => entryTypeText(type) },
  { heading: 'From', cell: ({ credit }) => accountText(credit) },
  { heading: 'To', cell: ({ debit }) => accountText(debit) },
  { heading: 'Amount', number: true, cell: ({ amount }) => moneyText(amount) },
  { heading: 'Source', cell: ({ source }) => <code>{source}</code> },
];

/** Every movement of an order's money, from one account to another, in order of time. */
export const LedgerTable = ({ entries }: { entries: readonly LedgerEntry[] }) => (
  <Table
    caption="Ledger of the order"
    rows={entries}
    keyOf={({ type, source, at }) => `${type} ${source} ${at}`}
    columns={columns}
  />
);
