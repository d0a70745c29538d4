import { migrateProcess } from '@tradepost/runtime/service-process';
import { apiGatewayService } from './service.ts';

await migrateProcess(apiGatewayService, process.env);
