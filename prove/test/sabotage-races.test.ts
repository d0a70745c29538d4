import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { afterAll, describe } from 'vitest';
import { testSabotage } from './sabotage.ts';

const rabbit = await rabbitForTests();

describe.skipIf(!rabbit)('the audit', () => {
  afterAll(() => rabbit?.drop());
  testSabotage(rabbit, ['races']);
});
