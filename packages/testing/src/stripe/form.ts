/** A value of a form of Stripe's: text, a list (`expand[0]=…`) or an object (`metadata[order_id]=…`). */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type FormParams = { [name: string]: FormValue };

/**
 * Reads a query or a form as Stripe does: names with brackets are objects, and lists where all are numbers or empty.
 * Source: https://docs.stripe.com/api?lang=curl
 */
export function parseForm(text: string): FormParams {
  const root: FormParams = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const [first = '', ...rest] = name.split('[').map((part) => part.replace(/\]$/, ''));
    let place = root;
    let key = first;
    for (const part of rest) {
      const next = place[key];
      const inside: FormParams = isObject(next) ? next : {};
      place[key] = inside;
      place = inside;
      key = part === '' ? String(Object.keys(place).length) : part;
    }
    place[key] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, withLists(value)]));
}

function withLists(value: FormValue): FormValue {
  if (!isObject(value)) return value;
  const names = Object.keys(value);
  const values = Object.values(value).map(withLists);
  if (names.length > 0 && names.every((name, index) => name === String(index))) return values;
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

const isObject = (value: FormValue | undefined): value is FormParams =>
  typeof value === 'object' && !Array.isArray(value);
