import { runProcess } from '@tradepost/runtime/process';
import { productService } from './service.ts';

await runProcess(productService, process.env);
