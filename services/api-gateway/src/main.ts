import { runProcess } from '@tradepost/runtime/service-process';
import { apiGatewayService } from './service.ts';

await runProcess(apiGatewayService, process.env);
