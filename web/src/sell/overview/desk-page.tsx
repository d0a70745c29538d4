import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { AskedFor } from '../../api/asked.tsx';
import { type Order, statusWords } from '../../api/orders.ts';
import { type Account, useAccount } from '../../api/session.ts';
import { Columns, Panel, Stack, Stat, Stats } from '../../design/area.tsx';
import { LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { isToSend, SCARCE, type Scarce, salesQuery, scarceQuery } from '../desk.ts';
import { SaleItem } from '../orders/sales-page.tsx';
import styles from './overview.module.css';

const COUNTED = 100;
const SHOWN = 4;
const LATEST = 6;

export function DeskPage() {
  const account = useAccount();
  return account && <Desk account={account} />;
}

/** What needs doing comes first: what is to be sent, and what runs out. */
function Desk({ account }: { account: Account }) {
  const waiting = useInfiniteQuery(salesQuery(account, 'confirmed', COUNTED));
  const latest = useInfiniteQuery(salesQuery(account, undefined, LATEST));
  const scarce = useQuery(scarceQuery(SCARCE));
  const toSend = waiting.data?.pages[0]?.items.filter(isToSend);
  return (
    <>
      <PageHeading
        title={`Hello, ${account.name.split(/\s+/)[0]}`}
        lead={leadOf(toSend, scarce.data)}
        actions={
          <LinkButton kind="primary" href="/sell/products/new">
            New product
          </LinkButton>
        }
      />
      <Stack>
        <Figures toSend={toSend} scarce={scarce.data} latest={latest.data?.pages[0]?.items} />
        <Columns
          side={
            <>
              <Panel title="Running out" lead={`Of these ${SCARCE} or fewer are left.`}>
                <AskedFor query={scarce} what="What runs out" height="10rem">
                  {({ items }) => <RunningOut items={items} />}
                </AskedFor>
              </Panel>
              <Panel title="Latest orders">
                <AskedFor query={latest} what="The latest orders" height="10rem">
                  {({ pages }) => <Latest orders={pages[0]?.items ?? []} />}
                </AskedFor>
              </Panel>
            </>
          }
        >
          <Panel title="To send" actions={<Link href="/sell/orders">All orders to send</Link>}>
            <AskedFor query={waiting} what="What is to be sent" height="16rem">
              {() => <ToSend orders={toSend ?? []} />}
            </AskedFor>
          </Panel>
        </Columns>
      </Stack>
    </>
  );
}

/** The oldest waits longest, so it comes first. */
function ToSend({ orders }: { orders: readonly Order[] }) {
  if (orders.length === 0) return <p className={styles.done}>Everything is on its way.</p>;
  return (
    <ul className={styles.sales}>
      {orders
        .toReversed()
        .slice(0, SHOWN)
        .map((order) => (
          <SaleItem key={order.id} order={order} />
        ))}
    </ul>
  );
}

function RunningOut({ items }: { items: readonly Scarce[] }) {
  if (items.length === 0) return <p className={styles.done}>There is enough of everything.</p>;
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <ScarceItem key={item.sku} item={item} />
      ))}
    </ul>
  );
}

type ScarceList = { items: readonly Scarce[]; nextCursor: string | null };

/** The list is short; that there is more of it is told, not how much. */
const scarceCount = ({ items, nextCursor }: ScarceList): string =>
  nextCursor ? `more than ${items.length}` : String(items.length);

function leadOf(toSend: readonly Order[] | undefined, scarce: ScarceList | undefined): string {
  if (!toSend || !scarce) return 'Your products, their stock and your orders.';
  if (toSend.length === 0 && scarce.items.length === 0) return 'Nothing needs you at the moment.';
  const sending =
    toSend.length === 0
      ? ''
      : toSend.length === 1
        ? 'One order waits to be sent'
        : `${countOf(toSend)} orders wait to be sent`;
  const few = scarce.items.length;
  const scarcity = few === 0 ? '' : few === 1 ? 'one thing runs out' : `${scarceCount(scarce)} things run out`;
  const text = [sending, scarcity].filter(Boolean).join(', and ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const countOf = (orders: readonly Order[]): string =>
  orders.length >= COUNTED ? `${COUNTED} or more` : String(orders.length);

const ownTotal = ({ lines }: Order): number => lines.reduce((sum, { total }) => sum + total.amount, 0);

function Figures({
  toSend,
  scarce,
  latest,
}: {
  toSend: readonly Order[] | undefined;
  scarce: ScarceList | undefined;
  latest: readonly Order[] | undefined;
}) {
  const worth = new Map<string, number>();
  for (const order of toSend ?? [])
    worth.set(order.total.currency, (worth.get(order.total.currency) ?? 0) + ownTotal(order));
  const soldOut = scarce?.items.filter(({ available }) => available === 0).length ?? 0;
  const newest = latest?.[0];
  return (
    <Stats label="At a glance">
      <Stat label="Orders to send" value={toSend ? countOf(toSend) : '…'}>
        {[...worth].map(([currency, amount]) => moneyText({ amount, currency })).join(', ') || 'nothing waits'}
      </Stat>
      <Stat
        label="Running out"
        value={scarce ? scarceCount(scarce) : '…'}
        tone={soldOut > 0 ? 'bad' : scarce?.items.length ? 'warn' : 'plain'}
      >
        {soldOut === 0 ? 'nothing is sold out' : `${soldOut} sold out`}
      </Stat>
      <Stat
        label="Latest order"
        value={newest ? moneyText({ amount: ownTotal(newest), currency: newest.total.currency }) : '–'}
      >
        {newest ? <Time at={newest.createdAt} /> : 'none yet'}
      </Stat>
    </Stats>
  );
}

function ScarceItem({ item: { sku, productId, title, variantTitle, available } }: { item: Scarce }) {
  return (
    <li className={styles.item}>
      <span>
        <Link href={`/sell/products/${productId}/stock/${sku}`}>{title}</Link>
        <span className={styles.soft}>
          {variantTitle && `${variantTitle}, `}
          <code>{sku}</code>
        </span>
      </span>
      <Badge tone={available === 0 ? 'bad' : 'warn'}>{available === 0 ? 'sold out' : `${available} left`}</Badge>
    </li>
  );
}

function Latest({ orders }: { orders: readonly Order[] }) {
  if (orders.length === 0) return <p className={styles.done}>None has come yet.</p>;
  return (
    <ul className={styles.list}>
      {orders.map((order) => (
        <li key={order.id} className={styles.item}>
          <span>
            <Link href={`/sell/orders/${order.id}`}>{order.lines[0]?.title ?? `Order …${order.id.slice(-6)}`}</Link>
            <span className={styles.soft}>
              <Time at={order.createdAt} />
            </span>
          </span>
          <Badge tone={statusWords[order.status].tone}>{statusWords[order.status].text}</Badge>
        </li>
      ))}
    </ul>
  );
}
