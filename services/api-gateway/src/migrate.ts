import { migrateProcess } from '@tradepost/runtime/process';
import { apiGatewayService } from './service.ts';

await migrateProcess(apiGatewayService, process.env);
