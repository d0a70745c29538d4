import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type VatId, vatPrefixOf } from '../domain/vat-id.ts';
import type { VatIdChecker } from './vat-id-checker.ts';

/** What is read of an answer. An error has no `valid`, but `errorWrappers` with a code such as `MS_UNAVAILABLE`. */
const viesAnswer = Compile(Type.Object({ valid: Type.Boolean(), requestIdentifier: Type.Optional(Type.String()) }));
const viesError = Compile(Type.Object({ errorWrappers: Type.Array(Type.Object({ error: Type.String() })) }));

/**
 * Asks VIES, the register of VAT ids of the EU. `url` is that of its REST API, `https://ec.europa.eu/taxation_customs/vies/rest-api`,
 * or of a stand-in. Source: https://ec.europa.eu/assets/taxud/vow-information/swagger_publicVAT.yaml, the operation `check-vat-number`.
 */
export function createViesChecker(url: string, timeoutMs: number): VatIdChecker {
  return {
    async check(id, requester) {
      const body = {
        ...{ countryCode: vatPrefixOf(id.country), vatNumber: numberOf(id) },
        ...(requester && {
          requesterMemberStateCode: vatPrefixOf(requester.country),
          requesterNumber: numberOf(requester),
        }),
      };
      const response = await fetch(`${url.replace(/\/$/, '')}/check-vat-number`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer: unknown = await response.json();
      if (response.ok && viesAnswer.Check(answer)) {
        return { isValid: answer.valid, consultationNumber: answer.requestIdentifier || null };
      }
      const reason = viesError.Check(answer) ? answer.errorWrappers.map(({ error }) => error).join(', ') : 'no answer';
      throw new Error(`VIES answered ${response.status}: ${reason}`);
    },
  };
}

/** An id without the letters of its member state. */
const numberOf = ({ value }: VatId): string => value.slice(2);
