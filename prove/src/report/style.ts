/** The look of the page: light or dark as the reader has it, and told apart by shape and words before colour. */
export const stylesheet = `
:root { color-scheme: light dark; --paper: #fbfaf8; --card: #ffffff; --ink: #1d2329; --soft: #5d6873; --line: #e2dfd9;
  --band: #1d232912; --fault: #39434d; --blue: #1f66b0; --orange: #c2570c; --red: #c22b37; --violet: #7148b5; --green: #1c7a46; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --card: #1b2127; --ink: #e8ebee; --soft: #9aa6b1;
  --line: #303840; --band: #ffffff14; --fault: #b9c3cc; --blue: #6db1f5; --orange: #f2a057; --red: #ff7b83;
  --violet: #b697f0; --green: #5ecb8c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 36px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 40px 0 10px; }
p { margin: 0 0 10px; max-width: 78ch; }
.soft, td.soft { color: var(--soft); }
.verdict { display: inline-block; font-weight: 700; padding: 1px 12px; border-radius: 999px; border: 2px solid; margin-right: 10px; }
.held { color: var(--green); } .violated { color: var(--red); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(144px, 1fr)); gap: 12px; margin: 24px 0 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 12px; }
.tile b { display: block; font-size: 25px; white-space: nowrap; line-height: 1.15; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.tile span { color: var(--soft); font-size: 13.5px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px; overflow-x: auto; }
svg { display: block; width: 100%; min-width: 760px; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
svg text.title { fill: var(--ink); font-weight: 600; font-size: 13px; }
svg path, svg line { fill: none; }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); }
.band { fill: var(--band); } .fault { fill: var(--fault); } .fault.bad { fill: var(--red); }
.accepted { stroke: var(--blue); stroke-width: 1.6; } .accepted-area { fill: var(--blue); opacity: 0.16; }
.begun { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
.median { stroke: var(--blue); stroke-width: 2; } .tail { stroke: var(--orange); stroke-width: 1.2; stroke-dasharray: 5 2; }
svg path.failed:not(.key) { fill: var(--orange); } svg path.vain:not(.key) { fill: var(--red); stroke: var(--ink); }
.failed.key { stroke: var(--orange); stroke-width: 9; } .vain.key { stroke: var(--red); stroke-width: 9; }
.undecided { stroke: var(--violet); stroke-width: 1.6; } .undecided-area { fill: var(--violet); opacity: 0.16; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: 13px; color: var(--soft); }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
tr:last-child td { border-bottom: 0; }
.n { text-align: right; white-space: nowrap; }
.zero { color: var(--soft); }
.bad { color: var(--red); font-weight: 600; }
ul.checks { list-style: none; margin: 0; padding: 0; columns: 2; column-gap: 40px; }
ul.checks li { padding: 4px 0 4px 26px; position: relative; break-inside: avoid; }
ul.checks li::before { content: '✓'; position: absolute; left: 2px; color: var(--green); font-weight: 700; }
ul.checks li.wrong { color: var(--red); } ul.checks li.wrong::before { content: '✗'; color: var(--red); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 760px) { ul.checks { columns: 1; } }
`;
