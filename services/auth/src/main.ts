import { runProcess } from '@tradepost/runtime/service-process';
import { authService } from './service.ts';

await runProcess(authService, process.env);
