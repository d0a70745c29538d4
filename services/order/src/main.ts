import { runProcess } from '@tradepost/runtime/service-process';
import { orderService } from './service.ts';

await runProcess(orderService, process.env);
