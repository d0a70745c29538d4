import { INPUT_KEYWORD, inputReaders } from '@tradepost/contracts/input';
import type { AnySchemaObject, FuncKeywordDefinition, SchemaValidateFunction } from 'ajv';

/**
 * The keyword `x-input` for Ajv: it reads a text with the recipe that the schema names, puts the text as it is to be stored
 * in the place of what was sent, or reports what is wrong with it. It runs before the length is checked, since white
 * space at the ends does not count. A text that is too long by far is not read: `maxLength` refuses it.
 */
export const inputKeyword: FuncKeywordDefinition = {
  keyword: INPUT_KEYWORD,
  type: 'string',
  schemaType: 'string',
  before: 'maxLength',
  modifying: true,
  compile(kind: unknown, parentSchema: AnySchemaObject) {
    const reader = Object.entries(inputReaders).find(([name]) => name === kind)?.[1];
    if (!reader) throw new TypeError(`No recipe for ${INPUT_KEYWORD}: ${kind}`);
    const { maxLength } = parentSchema;
    // Two UTF-16 units a character, and room for white space at the ends.
    const longest = typeof maxLength === 'number' ? 2 * maxLength + 1_000 : Number.POSITIVE_INFINITY;
    const validate: SchemaValidateFunction = (text: string, context) => {
      if (text.length > longest) return true;
      const reading = reader(text);
      if ('message' in reading) {
        validate.errors = [{ keyword: INPUT_KEYWORD, message: reading.message, params: {} }];
        return false;
      }
      if (context?.parentData && reading.value !== text) context.parentData[context.parentDataProperty] = reading.value;
      return true;
    };
    return validate;
  },
};
