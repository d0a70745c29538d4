// node prove/src/sabotage/service.ts <service> <guard>…: a service as `services/<service>/src/main.ts` runs it, but for these
// guards. Nothing but this file, which no image holds, can switch one off.
import process from 'node:process';
import { createRabbitTransport } from '@tradepost/messaging/rabbitmq-transport';
import type { Transport } from '@tradepost/messaging/transport';
import { orderService } from '@tradepost/order/service';
import { productService } from '@tradepost/product/service';
import { createLogger } from '@tradepost/runtime/log';
import { readSettings } from '@tradepost/runtime/settings';
import { startService } from '@tradepost/runtime/start-service';
import type { Guard } from './guards.ts';
import { readLinesBeforeLocking } from './lock-reads.ts';
import { publishAfterwards } from './memory-outbox.ts';
import { type Query, removeFromQuery, rewriteStatements } from './rewriting.ts';

/** How long a decision lies between what was read and what is written: the longer, the more others come between. */
const THINKING_MS = { stock: 150, cart: 250 };

function sabotage(guard: Guard, transport: Transport): Transport {
  switch (guard) {
    case 'idempotency': {
      const guarded = /on conflict do nothing/;
      rewriteStatements({
        text: (query) => (/insert into orders\b/.test(query.text) ? removeFromQuery(query, guarded) : query.text),
      });
      return transport;
    }
    case 'conditional-stock':
      readThenWrite();
      return transport;
    case 'outbox':
      publishAfterwards(transport);
      return transport;
    case 'confirm':
      return {
        ...transport,
        publish: (events) => {
          transport.publish(events);
          return events.map(() => Promise.resolve(true));
        },
      };
    case 'cart-close':
      closeCartsUnseen();
      return transport;
    case 'lock-reads':
      readLinesBeforeLocking();
      return transport;
    default:
      return transport;
  }
}

function readThenWrite(): void {
  const isRead = (query: Query) => query.name === 'stock.lock';
  const condition =
    / and s\.reserved \+ d\.reserved between 0 and s\.on_hand \+ d\.on_hand and s\.sold \+ d\.sold >= 0/;
  const isWrite = (text: string) => /update stock s set/.test(text);
  rewriteStatements({
    text: (query) => {
      if (isRead(query)) return removeFromQuery(query, /for update/);
      return isWrite(query.text) ? removeFromQuery(query, condition) : query.text;
    },
    answered: ({ query }, pass) => {
      if (isRead(query)) setTimeout(pass, THINKING_MS.stock);
      else pass();
    },
  });
}

/** An order is made of a cart at whatever version it is by then, and some time after it was read. */
function closeCartsUnseen(): void {
  const isInsert = (query: Query) => query.name === 'order.insert';
  rewriteStatements({
    takeOver: ({ query, send }, callback) => {
      if (!isInsert(query)) return false;
      const text = removeFromQuery(query, / and c\.version = t\.cart_version/);
      setTimeout(() => send({ ...query, text }, callback), THINKING_MS.cart);
      return true;
    },
  });
}

async function run(): Promise<void> {
  const [name, ...guards] = process.argv.slice(2);
  const log = createLogger({ name: `${name} (sabotaged)`, level: 'warn' });
  const wire = (url: string) => {
    const whole = createRabbitTransport({ url, name: name ?? '', log });
    // as: whoever starts this has checked the names of the guards.
    return guards.reduce((transport, guard) => sabotage(guard as Guard, transport), whole);
  };
  let running: { stop(): Promise<void> };
  let transport: Transport;
  if (name === 'order') {
    const settings = readSettings(orderService.settings, process.env);
    transport = wire(settings.BROKER_URL);
    running = await startService(orderService, { settings, log, transport });
  } else {
    const settings = readSettings(productService.settings, process.env);
    transport = wire(settings.BROKER_URL);
    running = await startService(productService, { settings, log, transport });
  }
  process.once('SIGTERM', () => {
    void running
      .stop()
      .then(() => transport.close())
      .then(() => process.exit(0));
  });
}

await run();
