import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { createValidatorCompiler } from '@tradepost/runtime/validation';
import type { TSchema } from 'typebox';
import type { ImportedProduct } from '../actions/import-batch.ts';
import * as schemas from './product-schemas.ts';

/** Characters of one row, or of one record: a description of 10,000 characters, with all there is to say about a hundred variants. */
export const MAX_ROW = 256 * 1024;

export type ImportCheck = (value: unknown) => ImportedProduct | FieldError[];

/** How rows are checked: as the body of `POST /api/v1/products`, and those of CSV by the columns that the file has. */
export type ImportChecks = { json: ImportCheck; csv: ImportCheck };

/** Makes the checks once for all imports, since compiling a schema takes long. */
export function createImportChecks(): ImportChecks {
  const compile = createValidatorCompiler();
  const check = (schema: TSchema): ImportCheck => {
    const validate = compile({ schema, httpPart: 'body' });
    return (value) => {
      const outcome = validate(value);
      if ('error' in outcome) return outcome.error.errors ?? [{ field: '', message: outcome.error.message }];
      // as: it has just been checked against the schema that the type is of.
      return outcome.value as ImportedProduct;
    };
  };
  return { json: check(schemas.NewProduct), csv: check(schemas.ImportedProduct) };
}

export const tooManyRows = (maxRows: number): ProblemError =>
  new ProblemError('too_large', `At most ${maxRows} rows are taken at a time; those before have been imported`);

export const DAMAGED_TEXT: FieldError = {
  field: '',
  message:
    'has bytes that are not of the charset of the file: declare it, as in `Content-Type: text/csv; charset=windows-1252`',
};
