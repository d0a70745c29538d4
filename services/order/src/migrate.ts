import { migrateProcess } from '@tradepost/runtime/service-process';
import { orderService } from './service.ts';

await migrateProcess(orderService, process.env);
