// The worker of the Vendure shop, a process of its own as in production: it runs the jobs of the queue.
import { bootstrapWorker } from '@vendure/core';
import { config } from './config.mjs';

const worker = await bootstrapWorker(config);
await worker.startJobQueue();
