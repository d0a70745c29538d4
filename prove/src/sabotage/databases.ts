import type { Pool } from '@tradepost/postgres/pool';
import type { ServiceName } from '@tradepost/testing/deployment';
import type { Guard } from './guards.ts';

/** What is done to the databases of a sabotaged run, since that is where these guards are. */
const statements: Readonly<Record<Guard, Partial<Record<ServiceName, readonly string[]>>>> = {
  inbox: both(['alter table inbox drop constraint inbox_pkey']),
  outbox: both([
    `create function nothing() returns trigger language plpgsql as 'begin return null; end'`,
    'create trigger nothing before insert on outbox for each row execute function nothing()',
  ]),
  'conditional-stock': {
    product: [
      'alter table stock drop constraint stock_check, drop constraint stock_on_hand_check',
      'alter table stock_movement drop constraint stock_movement_on_hand_check',
    ],
  },
  idempotency: { order: ['drop index orders_key'] },
  // The provider's own books: what it would do with a key that it has not seen.
  'payment-key': {
    order: [
      `create function another_key() returns trigger language plpgsql as $$ begin
        if exists (select from sandbox_charge where key = new.key) then
          insert into sandbox_charge (key, amount, currency, status)
            values (new.key || ' ' || gen_random_uuid(), new.amount, new.currency, new.status);
        end if;
        return new;
      end $$`,
      'create trigger another_key before insert on sandbox_charge for each row execute function another_key()',
    ],
  },
  confirm: {},
  'lock-reads': {},
  'cart-close': {},
  'webhook-inbox': { order: ['alter table payment_message drop constraint payment_message_pkey'] },
  // Each cause of a mail is another one.
  'mail-inbox': {
    notification: [
      'alter table inbox drop constraint inbox_pkey',
      `create function another_cause() returns trigger language plpgsql as $$ begin
        if exists (select from mail where cause = new.cause) then new.cause := new.cause || ' ' || gen_random_uuid(); end if;
        return new;
      end $$`,
      'create trigger another_cause before insert on mail for each row execute function another_cause()',
    ],
  },
  // The time between the count and the commit gets longer too: the longer, the more others count meanwhile.
  'promotion-lock': {
    order: [
      `do $$
        declare
          guarded text := pg_get_functiondef('lock_promotions'::regproc);
          lock text := ' for no key update';
        begin
          if position(lock in guarded) = 0 then
            raise exception 'The sabotage does not fit any more: lock_promotions locks otherwise';
          end if;
          execute replace(guarded, lock, '');
        end
      $$`,
      `create function think() returns trigger language plpgsql as $$
        begin
          if exists (select from added) then perform pg_sleep(1); end if;
          return null;
        end
      $$`,
      `create trigger think after insert on promotion_use referencing new table as added
        for each statement execute function think()`,
    ],
  },
};

function both(list: readonly string[]): Partial<Record<ServiceName, readonly string[]>> {
  return { order: list, product: list };
}

/** Takes a guard out of the databases of this run, which were just made for it. */
export async function disableGuard(guard: Guard, pools: Record<ServiceName, Pool>): Promise<void> {
  for (const service of ['order', 'product', 'notification'] as const) {
    for (const text of statements[guard][service] ?? []) await pools[service].query({ text });
  }
}
