import { migrateProcess } from '@tradepost/runtime/service-process';
import { authService } from './service.ts';

await migrateProcess(authService, process.env);
