import { runProcess } from '@tradepost/runtime/process';
import { authService } from './service.ts';

await runProcess(authService, process.env);
