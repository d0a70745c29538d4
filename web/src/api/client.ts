import { createClient } from '@tradepost/client/client';
import type { operations } from '@tradepost/client/schema';
import { ApiProblem, ShopUnreachable } from './problem.ts';

/** The API of the shop that served this page. The session cookie, which no script can read, says who sends a request. */
export const api = createClient({ baseUrl: location.origin });

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of an answer: `await unwrap(api.GET('/api/v1/orders'))`. Throws `ApiProblem`, or `ShopUnreachable`. */
export async function unwrap<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ShopUnreachable(cause);
  });
  if (!response.ok) {
    // as: an object may say anything; ApiProblem reads it with care.
    const document = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
    throw new ApiProblem(response.status, document);
  }
  // as: an answer without a body is typed so by its operation.
  return data as T;
}

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never;

/** What an operation answers when it succeeds: `ResponseOf<'getProduct'>`. */
export type ResponseOf<Name extends keyof operations> = operations[Name] extends { responses: infer R }
  ? R extends { 200: infer Ok }
    ? Json<Ok>
    : R extends { 201: infer Made }
      ? Json<Made>
      : never
  : never;

/** The JSON body of an operation. */
export type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer T } };
}
  ? T
  : never;

/** The query parameters of an operation. */
export type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;
