import { runProcess } from '@tradepost/runtime/process';
import { apiGatewayService } from './service.ts';

await runProcess(apiGatewayService, process.env);
