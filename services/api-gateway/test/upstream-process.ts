// A small service on the runtime, as a process of its own, for tests that stop and kill one under load.
import { setTimeout as sleep } from 'node:timers/promises';
import { commonSettings } from '@tradepost/runtime/common-settings';
import { defineService } from '@tradepost/runtime/service';
import { runProcess } from '@tradepost/runtime/service-process';
import { Type } from 'typebox';

const Order = Type.Object({ pid: Type.Integer() });
const service = defineService({
  name: 'order',
  settings: Type.Object(commonSettings),
  migrations: new URL('./none/', import.meta.url),
  database: 'optional',
  create: () => ({
    http(app) {
      const answer = async () => {
        await sleep(Math.random() * 10);
        return { pid: process.pid };
      };
      const response = { 200: Order };
      const read = { operationId: 'getOrder', response };
      app.get('/api/v1/orders/:id', { config: { auth: 'none' }, schema: read }, answer);
      const place = { operationId: 'placeOrder', body: Type.Object({}), response };
      app.post('/api/v1/orders', { config: { auth: 'none', idempotent: 'key' }, schema: place }, answer);
    },
  }),
});

await runProcess(service, process.env);
