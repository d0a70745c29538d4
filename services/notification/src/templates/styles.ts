import type { CSSProperties } from 'react';

const font = '-apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';

export const page: CSSProperties = { margin: 0, padding: '24px 8px', backgroundColor: '#f4f4f2', fontFamily: font };
export const card: CSSProperties = {
  ...{ maxWidth: 560, margin: '0 auto', padding: '24px 28px', backgroundColor: '#ffffff', borderRadius: 8 },
};
export const shop: CSSProperties = { margin: '0 0 16px', fontSize: 16, fontWeight: 600 };
export const shopLink: CSSProperties = { color: '#1c1c1a', textDecoration: 'none' };
export const logo: CSSProperties = { maxHeight: 48, border: 0 };
export const heading: CSSProperties = { margin: '0 0 12px', fontSize: 22, lineHeight: '28px', color: '#1c1c1a' };
export const paragraph: CSSProperties = { margin: '0 0 12px', fontSize: 16, lineHeight: '24px', color: '#1c1c1a' };
export const table: CSSProperties = { margin: '12px 0', width: '100%' };
export const cell: CSSProperties = {
  ...{ padding: '4px 0', fontSize: 15, lineHeight: '22px', color: '#1c1c1a', verticalAlign: 'top' },
  // Long words of titles break, in place of making the mail wider than a telephone.
  wordBreak: 'break-word',
};
export const amount: CSSProperties = { ...cell, textAlign: 'right', whiteSpace: 'nowrap', paddingLeft: 16 };
export const total: CSSProperties = { ...cell, fontWeight: 700 };
export const totalAmount: CSSProperties = { ...amount, fontWeight: 700 };
export const rule: CSSProperties = { margin: '12px 0', borderColor: '#d8d8d4' };
export const fact: CSSProperties = { ...cell, margin: 0 };
export const link: CSSProperties = { color: '#1a5fb4', wordBreak: 'break-all' };
export const actions: CSSProperties = { margin: '20px 0 8px' };
export const button: CSSProperties = {
  ...{ padding: '12px 20px', borderRadius: 6, color: '#ffffff', fontSize: 16, fontWeight: 600, textDecoration: 'none' },
};
export const note: CSSProperties = { margin: '12px 0 0', fontSize: 13, lineHeight: '18px', color: '#5c5c58' };
export const footer: CSSProperties = { margin: 0, fontSize: 12, lineHeight: '18px', color: '#5c5c58' };

/** For software that knows it; others show the light colours, or turn them by themselves. */
export const darkMode = `@media (prefers-color-scheme: dark) {
  .page { background-color: #161615 !important; }
  .card { background-color: #232321 !important; }
  .ink, .ink a { color: #f0f0ec !important; }
  .faint { color: #b4b4ae !important; }
  .card a:not([class]) { color: #8ab4f8; }
}`;
