import { expect, it } from 'vitest';
import { outcomeOfError } from './smtp-problem.ts';

const error = (fields: object) => Object.assign(new Error('550 5.1.1 <ada@example.com> unknown'), fields);

it.each([
  [
    { responseCode: 550, command: 'RCPT TO', response: '550 5.1.1 <ada@example.com> unknown' },
    'bounced',
    '550 5.1.1 to RCPT TO',
  ],
  [
    { responseCode: 550, command: 'RCPT TO', response: '550 no such user ada@example.com' },
    'bounced',
    '550 to RCPT TO',
  ],
  [{ responseCode: 550, command: 'RCPT TO', response: '550 5.7.1 relaying denied' }, 'retry', '550 5.7.1 to RCPT TO'],
  [{ responseCode: 450, command: 'RCPT TO', response: '450 4.2.0 greylisted' }, 'retry', '450 4.2.0 to RCPT TO'],
  [
    { responseCode: 550, command: 'MAIL FROM', response: '550 5.1.8 sender ada@example.com refused' },
    'retry',
    '550 5.1.8 to MAIL FROM',
  ],
  [{ responseCode: 535, command: 'AUTH PLAIN', response: '535 bad credentials for ada' }, 'retry', '535 to AUTH'],
  [{ responseCode: 554, command: 'DATA', response: '554 spam' }, 'retry', '554 to DATA'],
  [{ code: 'ETIMEDOUT', command: 'CONN' }, 'retry', 'ETIMEDOUT'],
  [{ code: 'ada@example.com' }, 'retry', 'Error'],
  [{}, 'retry', 'Error'],
])('reads %j as %s', (fields, status, problem) => {
  expect(outcomeOfError(error(fields))).toEqual({ status, problem });
});

it('reads what is no error', () => {
  expect(outcomeOfError('ada@example.com')).toEqual({ status: 'retry', problem: 'unknown error' });
});
