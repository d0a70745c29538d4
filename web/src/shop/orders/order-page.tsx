import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { addressLines } from '../../api/addresses.ts';
import { useOrderEvents } from '../../api/order-events.ts';
import { type Order, orderQuery, statusWords } from '../../api/orders.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { useAccount } from '../../api/session.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { Button, LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { useProductOf } from '../cart/cart-lines.tsx';
import { Picture } from '../picture.tsx';
import { pictureOf } from '../product/choices.ts';
import { OrderActions } from './order-actions.tsx';
import { hasEnded, lineState, paymentWords, stepsOf } from './order-steps.ts';
import styles from './orders.module.css';
import { ParcelsAndRefunds } from './parcels.tsx';
import { SignInFirst } from './sign-in-first.tsx';

export function OrderPage() {
  const { id = '' } = useParams<{ id: string }>();
  const account = useAccount();
  if (!account) return <SignInFirst title="Your order" next={`/orders/${id}`} />;
  return <OrderOf key={`${account.id} ${id}`} id={id} />;
}

function OrderOf({ id }: { id: string }) {
  const { data: order, error, isPending, refetch } = useQuery(orderQuery(id));
  if (order) return <OrderView order={order} />;
  return (
    <Page>
      <PageHeading title="Your order" />
      {isPending && (
        <Loading label="Loading the order">
          <Skeleton height="24rem" />
        </Loading>
      )}
      {hasCode(error, 'not_found') || hasCode(error, 'validation_failed') ? (
        <EmptyState
          title="There is no such order of yours"
          action={<LinkButton href="/orders">See your orders</LinkButton>}
        />
      ) : (
        error && (
          <ErrorState title="The order cannot be shown at the moment" onRetry={refetch}>
            {explain(error)} Orders go on being worked on meanwhile.
          </ErrorState>
        )
      )}
    </Page>
  );
}

// Long: the markup of one page
function OrderView({ order }: { order: Order }) {
  const { entries, live } = useOrderEvents(order.id);
  const { text, tone } = statusWords[order.status];
  const steps = stepsOf(order, entries);
  return (
    <Page>
      <PageHeading
        title={headline(order)}
        lead={
          <>
            Order <code className={styles.id}>{order.number}</code>, placed <Time at={order.createdAt} />
          </>
        }
      />
      <div className={styles.layout}>
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
              <li
                key={step.title}
                className={styles.step}
                data-state={step.state}
                aria-current={step.state === 'now' ? 'step' : undefined}
              >
                <span className={styles.mark} aria-hidden="true" />
                <div>
                  <p className={styles.stepTitle}>
                    {step.title}
                    {step.at && <Time at={step.at} show="second" />}
                  </p>
                  {step.text && <p className={styles.soft}>{step.text}</p>}
                </div>
              </li>
            ))}
          </ol>
          <OrderActions order={order} />
        </section>
        <div className={styles.facts}>
          <OrderContents order={order} />
          <ParcelsAndRefunds order={order} />
          <p className={styles.print}>
            <Button kind="quiet" onClick={() => print()}>
              Print this order
            </Button>
          </p>
        </div>
      </div>
    </Page>
  );
}

function headline(order: Order): string {
  if (order.status === 'rejected') return 'This did not work out';
  if (order.status === 'cancelled')
    return order.reason === 'payment_declined' ? 'The payment was declined' : 'Cancelled';
  if (order.status === 'refunded') return 'Refunded';
  if (order.status === 'pending' || order.status === 'reserved') return 'Thank you. On it …';
  return order.status === 'confirmed'
    ? 'Thank you. It is yours'
    : `Your order is ${order.status === 'delivered' ? 'there' : 'on its way'}`;
}

function OrderContents({ order }: { order: Order }) {
  return (
    <aside className={styles.contents} aria-label="What it holds">
      <ul className={styles.lines}>
        {order.lines.map((line) => (
          <li key={line.sku} className={styles.line}>
            <OrderLine line={line} />
          </li>
        ))}
      </ul>
      <dl className={styles.sums}>
        <div className={styles.total}>
          <dt>Total</dt>
          <dd>
            <strong>{moneyText(order.total)}</strong>
          </dd>
        </div>
        <div className={styles.total}>
          <dt>Payment</dt>
          <dd>{paymentWords[order.payment.status]}</dd>
        </div>
        {order.refunded.amount > 0 && (
          <div className={styles.total}>
            <dt>Refunded</dt>
            <dd>{moneyText(order.refunded)}</dd>
          </div>
        )}
      </dl>
      <div>
        <h2 className={styles.heading}>Where it goes</h2>
        <AddressBlock lines={addressLines(order.shippingAddress)} className={styles.soft} />
      </div>
    </aside>
  );
}

function OrderLine({ line }: { line: Order['lines'][number] }) {
  const { product, variant } = useProductOf(line);
  const media = product?.media[pictureOf(product, variant)];
  const state = lineState(line);
  return (
    <>
      <div className={styles.picture}>
        <Picture media={media && { ...media, alt: '' }} title={line.title} size={64} />
      </div>
      <div>
        <p className={styles.lineTitle}>
          {product ? (
            <Link href={`/products/${product.slug}`}>
              <bdi>{line.title}</bdi>
            </Link>
          ) : (
            <bdi>{line.title}</bdi>
          )}
        </p>
        <p className={styles.soft}>
          {line.quantity} × {moneyText(line.unitPrice)}
        </p>
        {state && <p className={styles.soft}>{state}</p>}
      </div>
      <span className={styles.amount}>{moneyText(line.total)}</span>
    </>
  );
}
