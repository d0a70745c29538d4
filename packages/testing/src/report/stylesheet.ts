/** The look of every report: light or dark as the reader has it. */
export const stylesheet = `
:root { color-scheme: light dark; --paper: #fbfaf8; --card: #ffffff; --ink: #1d2329; --soft: #5d6873; --line: #e2dfd9;
  --blue: #1f66b0; --orange: #c2570c; --red: #c22b37; --violet: #7148b5; --green: #1c7a46; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --card: #1b2127; --ink: #e8ebee; --soft: #9aa6b1;
  --line: #303840; --blue: #6db1f5; --orange: #f2a057; --red: #ff7b83; --violet: #b697f0; --green: #5ecb8c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 36px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 40px 0 10px; } h3 { font-size: 15px; margin: 0; }
p { margin: 0 0 10px; max-width: 78ch; }
.soft, td.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px; overflow-x: auto; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
svg text.title { fill: var(--ink); font-weight: 600; font-size: 13px; }
svg path, svg line { fill: none; }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: 13px; color: var(--soft); }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
tr:last-child td { border-bottom: 0; }
.n { text-align: right; white-space: nowrap; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
`;
