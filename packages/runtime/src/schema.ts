import { Problem, type ProblemCode, problems } from '@tradepost/contracts/problem';
import { type TSchemaOptions, type TUnsafe, Type } from 'typebox';

/**
 * A string that is one of a few: as `Type.Union` of literals, but written as `enum`, which OpenAPI tools know best.
 */
export function StringEnum<const T extends readonly string[]>(
  values: T,
  options: TSchemaOptions = {},
): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ ...options, type: 'string', enum: [...values] });
}

/** An answer in the schema of a route, with its content type. */
export type ResponseObject = { description: string; content: Record<string, { schema: unknown }> };

/**
 * The problem documents that a route may answer with beyond what every route may, for its schema:
 * `response: { 200: Order, ...problemResponses('not_found', 'order_not_cancellable') }`.
 * The type has no members, so that a handler's return type stays that of its successful answers.
 */
export function problemResponses(...codes: ProblemCode[]): Record<never, never> {
  return responsesOf(codes);
}

/** `problemResponses` with its real type. */
export function responsesOf(codes: ProblemCode[]): Record<number, ResponseObject> {
  const responses: Record<number, ResponseObject> = {};
  for (const status of new Set(codes.map((code) => problems[code].status))) {
    const same = codes.filter((code) => problems[code].status === status);
    responses[status] = {
      description: same.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '),
      content: { 'application/problem+json': { schema: Problem } },
    };
  }
  return responses;
}
