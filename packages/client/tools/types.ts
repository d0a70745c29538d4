import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';

/** The TypeScript types of an OpenAPI document, as `src/schema.ts` holds them. */
export async function clientTypes(document: unknown): Promise<string> {
  const ast = await openapiTS(JSON.stringify(document), { alphabetize: true });
  return `${COMMENT_HEADER}${astToString(ast)}`;
}
