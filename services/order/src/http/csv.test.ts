import { expect, test } from 'vitest';
import { csvRow } from './csv.ts';

test('a row is quoted, and no text of it is a formula', () => {
  expect(csvRow(['Ada "A" Byron', 'a,b\nc', -12, 0])).toBe('"Ada ""A"" Byron","a,b\nc","-12","0"\r\n');
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1'];
  expect(csvRow(formulas)).toBe(`${formulas.map((formula) => `"'${formula}"`).join(',')}\r\n`);
});
