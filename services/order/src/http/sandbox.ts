import { IdInput } from '@tradepost/contracts/input';
import { Money } from '@tradepost/contracts/money';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Db } from '@tradepost/postgres/db';
import type { App } from '@tradepost/runtime/app';
import { problemResponses, StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { answerChallenge, findChallenge } from '../payments/sandbox/charges.ts';

const tags = ['sandbox'];
const params = Type.Object({ challenge: IdInput }, { additionalProperties: false });

const Challenge = Type.Object({
  orderNumber: Type.String(),
  amount: Money,
  status: StringEnum(['challenged', 'captured', 'authorized', 'declined', 'voided', 'processing']),
});

export type SandboxContext = { db: Db; tellsMessages: boolean };

/** The sandbox in the place of a shopper's bank: what it asks (3-D Secure), and the answer. Whoever has the id may answer. */
export function sandboxRoutes(app: App, { db, tellsMessages }: SandboxContext): void {
  app.get(
    '/api/v1/payments/sandbox/challenges/:challenge',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'getSandboxChallenge',
        summary: 'What the sandbox asks a shopper to confirm, in the place of a bank',
        tags,
        params,
        response: { 200: Challenge, ...problemResponses('not_found') },
      },
    },
    async (request) => challengeView(db, request.params.challenge),
  );

  app.post(
    '/api/v1/payments/sandbox/challenges/:challenge',
    {
      config: { auth: 'none', idempotent: true },
      schema: {
        operationId: 'answerSandboxChallenge',
        summary: 'Confirm or refuse a payment of the sandbox, as a shopper at their bank',
        description: 'The first answer counts; another one changes nothing.',
        tags,
        params,
        body: Type.Object({ approve: Type.Boolean() }, { additionalProperties: false }),
        response: { 200: Challenge, ...problemResponses('not_found') },
      },
    },
    async (request) => {
      const { challenge } = request.params;
      await answerChallenge(db, { challenge, isApproved: request.body.approve }, tellsMessages);
      return challengeView(db, challenge);
    },
  );
}

async function challengeView(db: Db, id: string) {
  const challenge = await findChallenge(db, id);
  if (!challenge) throw new ProblemError('not_found', 'The sandbox asks nothing under this id');
  const { orderNumber, amount, currency, status } = challenge;
  return { orderNumber, amount: { amount, currency }, status };
}
