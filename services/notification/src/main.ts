import { runProcess } from '@tradepost/runtime/service-process';
import { notificationService } from './service.ts';

await runProcess(notificationService, process.env);
