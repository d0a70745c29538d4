import { migrateProcess } from '@tradepost/runtime/process';
import { orderService } from './service.ts';

await migrateProcess(orderService, process.env);
