// node prove/src/sabotage/service.ts <service> <guard>: a service as `services/<service>/src/main.ts` runs it, but for one
// guard. Nothing but this file, which no image holds, can switch one off.
import process from 'node:process';
import { createRabbitTransport } from '@tradepost/messaging/rabbitmq';
import type { Transport } from '@tradepost/messaging/transport';
import { orderService } from '@tradepost/order/service';
import { productService } from '@tradepost/product/service';
import { launch } from '@tradepost/runtime/launch';
import { createLogger } from '@tradepost/runtime/log';
import { readSettings } from '@tradepost/runtime/settings';
import type { Guard } from './guards.ts';
import { publishAfterwards } from './memory-outbox.ts';
import { rewriteStatements, without } from './rewriting.ts';

/** How long a decision lies between what was read and what is written: the longer, the more others come between. */
const THINKING_MS = 100;

function sabotage(guard: Guard, transport: Transport): Transport {
  switch (guard) {
    case 'idempotency': {
      const guarded = /on conflict \(customer_id, idempotency_key\) do nothing/;
      rewriteStatements({
        text: (query) => (/insert into orders\b/.test(query.text) ? without(query, guarded) : query.text),
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
    default:
      return transport;
  }
}

function readThenWrite(): void {
  const isRead = (text: string) => /from stock s\b[\s\S]*for update/.test(text);
  const condition =
    / and s\.reserved \+ d\.reserved between 0 and s\.on_hand \+ d\.on_hand and s\.sold \+ d\.sold >= 0/;
  const isWrite = (text: string) => /update stock s set/.test(text);
  rewriteStatements({
    text: (query) => {
      if (isRead(query.text)) return without(query, /for update of s/);
      return isWrite(query.text) ? without(query, condition) : query.text;
    },
    answered: ({ query }, pass) => {
      if (isRead(query.text)) setTimeout(pass, THINKING_MS);
      else pass();
    },
  });
}

async function run(): Promise<void> {
  const [name, guard] = process.argv.slice(2);
  const log = createLogger({ name: `${name} (sabotaged)`, level: 'warn' });
  // as: whoever starts this has checked the name of the guard.
  const wire = (url: string) => sabotage(guard as Guard, createRabbitTransport({ url, name: name ?? '', log }));
  let running: { stop(): Promise<void> };
  let transport: Transport;
  if (name === 'order') {
    const settings = readSettings(orderService.settings, process.env);
    transport = wire(settings.BROKER_URL);
    running = await launch(orderService, { settings, log, transport });
  } else {
    const settings = readSettings(productService.settings, process.env);
    transport = wire(settings.BROKER_URL);
    running = await launch(productService, { settings, log, transport });
  }
  process.once('SIGTERM', () => {
    void running
      .stop()
      .then(() => transport.close())
      .then(() => process.exit(0));
  });
}

await run();
