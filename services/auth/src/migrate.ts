import { migrateProcess } from '@tradepost/runtime/process';
import { authService } from './service.ts';

await migrateProcess(authService, process.env);
