import { Link } from 'wouter';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { formatDuration } from '../number-format.ts';
import { StatusBadge } from '../status-badge.tsx';
import { CopyId } from './copy-id.tsx';
import styles from './flow.module.css';
import { type Lane, lanes, type Step } from './steps.ts';

const short: Record<Lane, string> = { 'api-gateway': 'gateway', order: 'order', product: 'product' };

/** The steps as a list. Beside each is the lane of its service, and for a message an arrow between two lanes. */
export function FlowLines({ steps }: { steps: readonly Step[] }) {
  const start = steps[0]?.at ?? 0;
  return (
    <div className={styles.flow}>
      <div className={styles.laneNames} aria-hidden="true">
        {lanes.map((lane) => (
          <span key={lane}>{short[lane]}</span>
        ))}
      </div>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step.key} className={styles.step} data-kind={step.kind}>
            <span className={styles.time}>
              <Time at={new Date(step.at).toISOString()} show="second" />
              <span className={styles.since}>+{formatDuration(Math.max(0, step.at - start))}</span>
            </span>
            <Lanes step={step} />
            <div className={styles.what}>
              <span className={styles.lane}>
                {step.kind === 'message' && step.to ? `${short[step.lane]} to ${short[step.to]}` : short[step.lane]}
                <span className="visually-hidden">:</span>
              </span>
              <What step={step} />
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Positions are in thirds, since there are three lanes. */
function Lanes({ step }: { step: Step }) {
  const from = lanes.indexOf(step.lane);
  const to = step.kind === 'message' && step.to ? lanes.indexOf(step.to) : from;
  const middle = (lane: number) => `${((lane + 0.5) / lanes.length) * 100}%`;
  const left = Math.min(from, to);
  return (
    <span className={styles.lanes} aria-hidden="true">
      {from !== to && (
        <span
          className={`${styles.arrow} ${to > from ? styles.onward : styles.back}`}
          style={{ insetInlineStart: middle(left), inlineSize: `${(Math.abs(to - from) / lanes.length) * 100}%` }}
        />
      )}
      <span className={styles.dot} style={{ insetInlineStart: middle(from) }} />
    </span>
  );
}

function What({ step }: { step: Step }) {
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

/** The data of a timeline entry. Sellers and providers wrote it, so it is only ever shown as text. */
function EntryData({ data }: { data: Record<string, unknown> }) {
  const known = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  if (known.length === 0) return null;
  return (
    <dl className={styles.data}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{textOf(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isMoney(value)) return moneyText(value);
  if (Array.isArray(value) && value.every(isLine))
    return value.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');
  return JSON.stringify(value);
}

const isMoney = (value: unknown): value is { amount: number; currency: string } =>
  typeof value === 'object' &&
  value !== null &&
  'amount' in value &&
  'currency' in value &&
  typeof value.amount === 'number' &&
  /^[A-Z]{3}$/.test(String(value.currency));

const isLine = (value: unknown): value is { sku: string; quantity: number } =>
  typeof value === 'object' && value !== null && 'sku' in value && 'quantity' in value;

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

const Ids = ({ children }: { children: React.ReactNode }) => <p className={styles.ids}>{children}</p>;
