import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Segments } from '../../design/segments.tsx';
import { type ConsumingService, consumingServices, deadLettersQuery } from '../operations.ts';
import { DeadLetterItem } from './dead-letter-item.tsx';
import styles from './dead-letters.module.css';

const choices = consumingServices.map((service) => ({ value: service, text: service }));

/** The events that a service could not process: to inspect, replay or discard. */
export function DeadLettersPage() {
  const [params, setParams] = useSearchParams();
  const service = consumingServices.find((one) => one === params.get('service')) ?? 'order';
  return (
    <>
      <PageHeading
        title="Dead letters"
        lead="Events that a service could not process. However often an event is replayed, it takes effect at most once."
        actions={
          <Segments
            label="Service"
            value={service}
            options={choices}
            onChange={(next) => setParams({ service: next })}
          />
        }
      />
      <DeadLetterList service={service} wanted={params.get('event')} />
    </>
  );
}

function DeadLetterList({ service, wanted }: { service: ConsumingService; wanted: string | null }) {
  const letters = useInfiniteQuery({ ...deadLettersQuery(service), refetchInterval: 10_000 });
  const items = letters.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <QueryBoundary query={letters} what={`The dead letters of ${service}`} height="12rem">
        {() => null}
      </QueryBoundary>
    );
  }
  if (items.length === 0) {
    return <EmptyState title={`${service} has no dead letters`}>All events were processed.</EmptyState>;
  }
  return (
    <div className={styles.list}>
      <ul className={styles.letters}>
        {items.map((letter) => (
          <DeadLetterItem key={letter.eventId} service={service} letter={letter} open={letter.eventId === wanted} />
        ))}
      </ul>
      <LoadMore query={letters} />
    </div>
  );
}
