import { ApiError } from './api-error.ts';

export type ApiAnswer = { status: number; body: object; isReplayed?: boolean };

/** The answers to idempotency keys, each with the request that it was the answer to. */
export type IdempotencyKeys = Map<string, { request: string; answer: ApiAnswer | undefined }>;

/**
 * Answers a request with the answer that its key had before. The same key with another request is refused, and so is one whose first
 * request is still under way. A request that was refused before it began, for a wrong parameter, leaves its key free.
 * Source: https://docs.stripe.com/api/idempotent_requests
 */
export async function answerOnce(
  keys: IdempotencyKeys,
  { key, request }: { key: string | undefined; request: string },
  answer: () => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  if (key === undefined) return answer();
  const earlier = keys.get(key);
  if (earlier && earlier.request !== request) {
    throw new ApiError(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }
  if (earlier?.answer) return { ...earlier.answer, isReplayed: true };
  if (earlier) {
    throw new ApiError(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}.`,
    });
  }
  keys.set(key, { request, answer: undefined });
  try {
    const made = await answer();
    keys.set(key, { request, answer: structuredClone(made) });
    return made;
  } catch (error) {
    keys.delete(key);
    throw error;
  }
}
