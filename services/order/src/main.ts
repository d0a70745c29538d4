import { runProcess } from '@tradepost/runtime/process';
import { orderService } from './service.ts';

await runProcess(orderService, process.env);
