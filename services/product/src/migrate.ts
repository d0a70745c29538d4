import { migrateProcess } from '@tradepost/runtime/service-process';
import { productService } from './service.ts';

await migrateProcess(productService, process.env);
