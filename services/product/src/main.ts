import { runProcess } from '@tradepost/runtime/service-process';
import { productService } from './service.ts';

await runProcess(productService, process.env);
