import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { OrderNumber } from '../../api/order-number.tsx';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { useFormSync } from '../../design/form-sync.ts';
import { Time } from '../../design/format.tsx';
import { NoMatches } from '../../design/no-matches.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { MailDialog } from './mail-dialog.tsx';
import { type Mail, type MailFilter, type MailStatus, mailStatusWords, mailsQuery } from './mail-queries.ts';
import styles from './mails.module.css';

// as: Object.keys knows no more than that they are strings.
const statuses = Object.keys(mailStatusWords) as MailStatus[];

/** The log of mails: what was written to whom, and what became of it. */
export function MailsPage() {
  const [params, setParams] = useSearchParams();
  const to = params.get('to') ?? '';
  const status = statuses.find((one) => one === params.get('status'));
  const orderId = params.get('order') ?? undefined;
  const form = useFormSync({ to, status: status ?? '' });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = new FormData(event.currentTarget);
    const given = ['to', 'status'].map((name) => [name, String(written.get(name) ?? '').trim()]);
    setParams(new URLSearchParams(given.filter(([, value]) => value)));
  };
  return (
    <>
      <PageHeading title="Mails" lead="What the shop has written to customers and sellers, and what became of it." />
      <form className={styles.filters} onSubmit={submit} ref={form}>
        <TextField label="E-mail" name="to" type="email" />
        <SelectField label="Status" name="status">
          <option value="">Any</option>
          {statuses.map((one) => (
            <option key={one} value={one}>
              {mailStatusWords[one].text}
            </option>
          ))}
        </SelectField>
        <Button type="submit" kind="primary">
          Search
        </Button>
      </form>
      {orderId && <OneOrder orderId={orderId} onShowAll={() => setParams({})} />}
      <MailList filter={{ ...(to && { to }), ...(status && { status }), ...(orderId && { orderId }) }} />
    </>
  );
}

/** The filter that no field shows: it comes with the link from the page of an order. */
const OneOrder = ({ orderId, onShowAll }: { orderId: string; onShowAll: () => void }) => (
  <div className={styles.oneOrder}>
    <Notice still action={<Button onClick={onShowAll}>Show all mails</Button>}>
      <p>
        Only the mails of{' '}
        <Link href={`/control/orders/${orderId}`}>
          <OrderNumber id={orderId} />
        </Link>{' '}
        are shown.
      </p>
    </Notice>
  </div>
);

function MailList({ filter }: { filter: MailFilter }) {
  const [chosen, setChosen] = useState<Mail>();
  const mails = useInfiniteQuery({ ...mailsQuery(filter), refetchInterval: 10_000 });
  const items = mails.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <QueryBoundary query={mails} what="The mails" height="16rem">
        {() => null}
      </QueryBoundary>
    );
  }
  if (items.length === 0 && Object.keys(filter).length === 0) return <EmptyState title="No mails yet" />;
  if (items.length === 0) return <NoMatches title="No matching mails" />;
  return (
    <div className={styles.list}>
      <Table caption="Mails, newest first" rows={items} keyOf={({ id }) => id} columns={columnsFor(setChosen)} />
      <LoadMore query={mails} />
      <MailDialog mail={chosen} onDone={() => setChosen(undefined)} />
    </div>
  );
}

const columnsFor = (onOpen: (mail: Mail) => void): Column<Mail>[] => [
  { heading: 'Written', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { heading: 'To', cell: ({ to }) => to ?? 'not known yet' },
  { heading: 'Subject', cell: ({ subject }) => subject },
  { heading: 'Status', cell: (mail) => <MailState mail={mail} /> },
  {
    heading: 'Order',
    cell: ({ orderId }) => orderId && <Link href={`/control/orders/${orderId}`}>…{orderId.slice(-6)}</Link>,
  },
  {
    heading: 'Actions',
    cell: (mail) => (
      <Button kind="quiet" aria-label={`Open: ${mail.subject}`} onClick={() => onOpen(mail)}>
        Open
      </Button>
    ),
  },
];

function MailState({ mail: { status, lastProblem } }: { mail: Mail }) {
  const { text, tone } = mailStatusWords[status];
  return (
    <>
      <Badge tone={tone}>{text}</Badge> {lastProblem && <span className={styles.soft}>{lastProblem}</span>}
    </>
  );
}
