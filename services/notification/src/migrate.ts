import { migrateProcess } from '@tradepost/runtime/service-process';
import { notificationService } from './service.ts';

await migrateProcess(notificationService, process.env);
