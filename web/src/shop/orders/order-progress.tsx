import { useOrderEvents } from '../../api/order-events.ts';
import { hasEnded, type Order, type OrderRef, statusWords } from '../../api/orders.ts';
import { Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { OrderActions } from './order-actions.tsx';
import { type Step, stepsOf } from './order-steps.ts';
import styles from './orders.module.css';

/** How far the order has come, as it goes on, and what its customer can do with it. */
export function OrderProgress({ order, token }: { order: Order; token: OrderRef['token'] }) {
  const { entries, live } = useOrderEvents({ id: order.id, token });
  const { text, tone } = statusWords[order.status];
  const steps = stepsOf(order, entries);
  return (
    <section aria-label="Progress" className={styles.progress}>
      <p className={styles.status}>
        <span role="status">
          <Badge tone={tone}>{text}</Badge>
        </span>
        {!hasEnded(order) && (
          <span className={styles.live} data-live={live}>
            {live ? 'Live' : 'Connecting …'}
          </span>
        )}
      </p>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <StepItem key={step.title} step={step} />
        ))}
      </ol>
      <OrderActions order={order} token={token} />
    </section>
  );
}

function StepItem({ step }: { step: Step }) {
  return (
    <li className={styles.step} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
      <span className={styles.mark} aria-hidden="true" />
      <div>
        <p className={styles.stepTitle}>
          {step.title}
          {step.at && <Time at={step.at} show="second" />}
        </p>
        {step.text && <p className={styles.soft}>{step.text}</p>}
      </div>
    </li>
  );
}
