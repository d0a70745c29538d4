import { ApiProblem } from '../../api/problem.ts';
import { type Draft, skusOf } from '../draft.ts';
import { FieldProblem } from '../product-body.ts';

/** The error of a field of the draft, from the API's answer to the request that was made of these changes. */
export function problemOf(error: unknown, sent: Draft, name: string): string | undefined {
  if (error instanceof FieldProblem) return error.field === name ? error.message : undefined;
  if (!(error instanceof ApiProblem)) return undefined;
  const pointer = pointerOf(sent, name);
  return error.errors.find(({ field }) => field === pointer || field.startsWith(`${pointer}/`))?.message;
}

function pointerOf(sent: Draft, name: string): string {
  const [kind, sku = '', field = ''] = name.split('/');
  return kind === 'variant' ? `/variants/${skusOf(sent).indexOf(sku)}/${field}` : `/${name}`;
}

/** Whether the error is shown at a field. */
export const hasFieldErrors = (error: unknown, sent: Draft): boolean =>
  Object.keys(sent).some((name) => problemOf(error, sent, name) !== undefined);
