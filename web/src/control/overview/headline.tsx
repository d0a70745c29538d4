import { moneyText } from '../../design/format.tsx';
import { Stat, Stats } from '../../design/layout.tsx';
import { formatDuration, formatNumber, formatShare, pluralize, sum } from '../number-format.ts';
import type { Messaging, Statistics, Traffic } from '../operations.ts';

const PENDING = '…';

/** The main figures. */
export function Headline({
  traffic,
  statistics,
  messaging,
}: {
  traffic: Traffic | undefined;
  statistics: Statistics | undefined;
  messaging: readonly (Messaging | undefined)[];
}) {
  return (
    <Stats label="Summary">
      <Requests traffic={traffic} />
      <Failures traffic={traffic} />
      <Orders statistics={statistics} />
      <Revenue statistics={statistics} />
      <WaitingMessages messaging={messaging} />
    </Stats>
  );
}

function Requests({ traffic }: { traffic: Traffic | undefined }) {
  if (!traffic) return <Stat label="Requests" value={PENDING} />;
  const all = sum(traffic.services.map(({ total }) => total.requests));
  const minutes = ((traffic.services[0]?.requests.length ?? 0) * traffic.stepSeconds) / 60;
  return (
    <Stat label="Requests" value={formatNumber(all)}>
      {formatNumber(all / Math.max(minutes, 1))} per minute
      {/* None had traffic in the last minute; that does not mean that there is none. */}
      {traffic.instances > 0 && `, ${pluralize(traffic.instances, 'gateway instance')}`}
    </Stat>
  );
}

function Failures({ traffic }: { traffic: Traffic | undefined }) {
  if (!traffic) return <Stat label="Failed" value={PENDING} />;
  const all = sum(traffic.services.map(({ total }) => total.requests));
  const failed = sum(traffic.services.map(({ total }) => total.failed));
  const refused = sum(traffic.services.map(({ total }) => total.refused));
  return (
    <Stat label="Failed" value={formatShare(failed, all)} tone={failed === 0 ? 'plain' : 'bad'}>
      {failed === 0 ? 'none' : formatNumber(failed)} (5xx); {formatShare(refused, all)} refused (4xx)
    </Stat>
  );
}

function Orders({ statistics }: { statistics: Statistics | undefined }) {
  if (!statistics) return <Stat label="Orders" value={PENDING} />;
  const open = sum(statistics.open.map(({ count }) => count));
  const oldest = Math.max(0, ...statistics.open.map(({ oldestSeconds }) => oldestSeconds));
  return (
    <Stat label="Orders" value={formatNumber(sum(statistics.placed))} tone={oldest > 60 ? 'warn' : 'plain'}>
      {open === 0
        ? 'none in progress'
        : `${formatNumber(open)} in progress, the oldest for ${formatDuration(oldest * 1_000)}`}
    </Stat>
  );
}

function Revenue({ statistics }: { statistics: Statistics | undefined }) {
  if (!statistics) return <Stat label="Revenue" value={PENDING} />;
  const sums = statistics.taken.map(({ currency, amounts }) => moneyText({ amount: sum(amounts), currency }));
  return (
    <Stat label="Revenue" value={sums[0] ?? '–'}>
      {sums.length > 1 ? `and ${sums.slice(1).join(', ')}` : 'after refunds'}
    </Stat>
  );
}

function WaitingMessages({ messaging }: { messaging: readonly (Messaging | undefined)[] }) {
  const known = messaging.filter((one) => one !== undefined);
  if (known.length === 0) return <Stat label="Messages waiting" value={PENDING} />;
  const waiting = sum(known.map(({ outbox, queue }) => outbox.events + (queue?.waiting ?? 0)));
  const parked = sum(known.map(({ deadLetters }) => deadLetters));
  return (
    <Stat label="Messages waiting" value={formatNumber(waiting)} tone={parked > 0 ? 'bad' : 'plain'}>
      {parked === 0 ? 'no dead letters' : pluralize(parked, 'dead letter')}
    </Stat>
  );
}
