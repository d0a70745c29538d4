/**
 * One row of a CSV file (RFC 4180). Every value is quoted. A text that a spreadsheet would run as a formula gets an apostrophe in front
 * (https://owasp.org/www-community/attacks/CSV_Injection): texts of customers are in it.
 */
export const csvRow = (values: readonly (string | number)[]): string =>
  `${values.map((value) => `"${harmless(value).replaceAll('"', '""')}"`).join(',')}\r\n`;

const harmless = (value: string | number): string =>
  typeof value === 'string' && /^[\s]*[=+\-@\t\r\n]/.test(value) ? `'${value}` : String(value);
