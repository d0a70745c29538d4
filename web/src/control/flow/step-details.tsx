import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Badge } from '../../design/notice.tsx';
import { formatDuration } from '../number-format.ts';
import { StatusBadge } from '../status-badge.tsx';
import { CopyId } from './copy-id.tsx';
import { EntryData } from './entry-data.tsx';
import styles from './flow.module.css';
import type { Step } from './steps.ts';

/** What happened in one step of an order. */
export function StepDetails({ step }: { step: Step }) {
  switch (step.kind) {
    case 'request':
      return <RequestStep step={step} />;
    case 'entry':
      return <EntryStep step={step} />;
    case 'stock':
      return <StockStep step={step} />;
    case 'message':
      return <MessageStep step={step} />;
  }
}

type Of<Kind extends Step['kind']> = { step: Extract<Step, { kind: Kind }> };

function RequestStep({ step: { request } }: Of<'request'>) {
  return (
    <>
      <p className={styles.title}>
        <code>
          {request.method} {request.path}
        </code>{' '}
        <Badge tone={request.status < 400 ? 'plain' : request.status < 500 ? 'warn' : 'bad'}>{request.status}</Badge>
      </p>
      <Ids>
        {request.role && <span>{request.role}</span>}
        {request.accountId && <CopyId what="account" id={request.accountId} />}
        {request.traceId && <CopyId what="trace" id={request.traceId} />}
        <CopyId what="request" id={request.requestId} />
      </Ids>
    </>
  );
}

function EntryStep({ step: { entry } }: Of<'entry'>) {
  const { type, status, traceId, heard, version } = entry;
  return (
    <>
      <p className={styles.title}>
        {type.replaceAll('_', ' ')} <StatusBadge status={status} />
      </p>
      <EntryData data={entry.data} />
      <Ids>
        <span>version {version}</span>
        {heard && (
          <span>
            caused by <code>{heard.type}</code>
          </span>
        )}
        {traceId && <CopyId what="trace" id={traceId} />}
      </Ids>
    </>
  );
}

const stockWords = {
  held: 'stock reserved',
  sold: 'reserved stock sold',
  released: 'reservation released',
  rejected: 'reservation rejected',
} as const;

function StockStep({ step: { reservation, settled } }: Of<'stock'>) {
  const { status, lines, rejection } = reservation;
  const now = settled ? status : 'held';
  return (
    <>
      <p className={styles.title}>{stockWords[now]}</p>
      <Ids>
        {(rejection ?? []).map(({ sku, reason, requested, available }) => (
          <span key={sku}>
            {sku}: {reason.replaceAll('_', ' ')}, {requested} requested, {available} available
          </span>
        ))}
        {!rejection &&
          lines.map(({ sku, quantity, returned }) => (
            <span key={sku}>
              {quantity} × {sku}
              {settled && returned > 0 && `, ${returned} returned`}
            </span>
          ))}
      </Ids>
    </>
  );
}

function MessageStep({ step }: Of<'message'>) {
  return (
    <>
      <p className={styles.title}>
        <code>{step.type}</code> <MessageStatus step={step} />
      </p>
      <Ids>
        <CopyId what="event" id={step.id} />
      </Ids>
    </>
  );
}

function MessageStatus({ step: { found, to, at, id } }: Of<'message'>) {
  if (found?.state === 'parked' && to) {
    return (
      <>
        <Badge tone="bad">dead letter</Badge> <Link href={`/control/dead-letters?service=${to}&event=${id}`}>View</Link>
      </>
    );
  }
  if (found?.state === 'unpublished') return <Badge tone="warn">in the outbox</Badge>;
  if (found?.state === 'handled')
    return <Badge tone="good">processed after {formatDuration(Math.max(0, Date.parse(found.at) - at))}</Badge>;
  return <Badge>{to ? `not processed by ${to} yet` : 'no consumer'}</Badge>;
}

const Ids = ({ children }: { children: ReactNode }) => <p className={styles.ids}>{children}</p>;
