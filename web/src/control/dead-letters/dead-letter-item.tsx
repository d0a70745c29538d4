import { useState } from 'react';
import { Link } from 'wouter';
import { useMay } from '../../api/permissions.ts';
import { Button } from '../../design/button.tsx';
import { Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { pluralize } from '../number-format.ts';
import type { ConsumingService, DeadLetter } from '../operations.ts';
import styles from './dead-letters.module.css';
import { DecisionDialog } from './decision-dialog.tsx';

type Decision = 'replay' | 'discard';

/** One dead letter: its type and its error, and on demand the whole event. */
export function DeadLetterItem({
  service,
  letter,
  open,
}: {
  service: ConsumingService;
  letter: DeadLetter;
  open: boolean;
}) {
  const [decision, setDecision] = useState<Decision>();
  const canDecide = useMay()('operations:write');
  return (
    <li className={styles.letter}>
      <LetterHead letter={letter} />
      <LetterDetails letter={letter} open={open} />
      {canDecide && (
        <div className={styles.actions}>
          <Button kind="primary" onClick={() => setDecision('replay')}>
            Replay
          </Button>
          <Button kind="danger" onClick={() => setDecision('discard')}>
            Discard
          </Button>
        </div>
      )}
      <DecisionDialog service={service} letter={letter} decision={decision} onDone={() => setDecision(undefined)} />
    </li>
  );
}

function LetterHead({ letter }: { letter: DeadLetter }) {
  // The first line of what was thrown, without the name of its kind.
  const reason = letter.error.split('\n', 1)[0]?.replace(/^\w+: /, '');
  const orderId = orderOf(letter.event);
  return (
    <>
      <div className={styles.head}>
        <h2 className={styles.type}>
          <code>{letter.type}</code>
        </h2>
        <Badge tone="bad">{letter.attempts === 0 ? 'unreadable' : pluralize(letter.attempts, 'attempt')}</Badge>
        <span className={styles.when}>
          failed <Time at={letter.parkedAt} />
        </span>
      </div>
      <p className={styles.reason}>{reason}</p>
      <p className={styles.ids}>
        event <code>{letter.eventId}</code>
        {orderId && (
          <>
            {' '}
            · <Link href={`/control/orders/${orderId}`}>View order</Link>
          </>
        )}
      </p>
    </>
  );
}

/** The whole event and the whole error, on demand. */
const LetterDetails = ({ letter, open }: { letter: DeadLetter; open: boolean }) => (
  <details open={open}>
    <summary className={styles.summary}>
      Inspect<span className="visually-hidden"> the event {letter.eventId}</span>
    </summary>
    <div className={styles.inside}>
      <h3 className={styles.label}>Event</h3>
      <pre className={styles.code}>{JSON.stringify(letter.event, null, 2)}</pre>
      <h3 className={styles.label}>Error</h3>
      <pre className={styles.code}>{letter.error}</pre>
    </div>
  </details>
);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of the order that an event is about. An event that could not be parsed is stored too, so nothing is certain about its shape. */
function orderOf(event: unknown): string | undefined {
  const data = typeof event === 'object' && event !== null && 'data' in event ? event.data : undefined;
  const id = typeof data === 'object' && data !== null && 'orderId' in data ? data.orderId : undefined;
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
}
