import { useQueries, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Time } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { Segments } from '../../design/segments.tsx';
import { messagingQuery, messagingServices, statisticsQuery, trafficQuery } from '../operations.ts';
import { Headline } from './headline.tsx';
import { MessagesPanel } from './messages-panel.tsx';
import styles from './overview.module.css';
import { SalesPanel } from './sales-panel.tsx';
import { ServicesPanel } from './services-panel.tsx';

const windows = [
  { value: 15, text: '15 min' },
  { value: 60, text: '1 hour' },
  { value: 360, text: '6 hours' },
  { value: 1440, text: '1 day' },
] as const;

/**
 * Traffic, sales and messages, refreshed every few seconds. Each part has its own query, so that one can fail alone. The time range is in
 * the page's URL.
 */
export function OverviewPage() {
  const [params, setParams] = useSearchParams();
  const minutes = windows.find(({ value }) => String(value) === params.get('minutes'))?.value ?? windows[0].value;
  const setMinutes = (next: number) => setParams(next === windows[0].value ? {} : { minutes: String(next) });
  const traffic = useQuery(trafficQuery(minutes));
  const statistics = useQuery(statisticsQuery(minutes));
  const messaging = useQueries({ queries: messagingServices.map((service) => messagingQuery(service)) });
  const stale = [traffic, statistics, ...messaging].find((query) => query.error && query.data);
  const asOf = traffic.dataUpdatedAt;
  return (
    <>
      <PageHeading
        title="Control room"
        lead="Traffic, sales and messages of the shop."
        actions={<Segments label="Time range" value={minutes} options={windows} onChange={setMinutes} />}
      />
      <div className={styles.overview}>
        {stale && (
          <Notice tone="warn" title="Some figures are out of date">
            {explain(stale.error)}
            {asOf > 0 && (
              <>
                {' '}
                Traffic was last read at <Time at={new Date(asOf).toISOString()} show="second" />.
              </>
            )}
          </Notice>
        )}
        <Headline
          traffic={traffic.data}
          statistics={statistics.data}
          messaging={messaging.map((query) => query.data)}
        />
        <QueryBoundary query={traffic} what="Traffic" height="40rem">
          {(data) => <ServicesPanel traffic={data} />}
        </QueryBoundary>
        <QueryBoundary query={statistics} what="Sales" height="30rem">
          {(data) => <SalesPanel statistics={data} minutes={minutes} />}
        </QueryBoundary>
        <MessagesPanel queries={messaging} />
      </div>
    </>
  );
}
