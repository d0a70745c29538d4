import { migrateProcess } from '@tradepost/runtime/process';
import { productService } from './service.ts';

await migrateProcess(productService, process.env);
