/** What the page of a chaos run adds to the stylesheet of all reports. Lines and bars are told apart by shape before colour. */
export const style = `
:root { --band: #1d232912; --fault: #39434d; }
@media (prefers-color-scheme: dark) { :root { --band: #ffffff14; --fault: #b9c3cc; } }
.verdict { display: inline-block; font-weight: 700; padding: 1px 12px; border-radius: 999px; border: 2px solid; margin-right: 10px; }
.held { color: var(--green); } .violated { color: var(--red); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(144px, 1fr)); gap: 12px; margin: 24px 0 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 12px; }
.tile b { display: block; font-size: 25px; white-space: nowrap; line-height: 1.15; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.tile span { color: var(--soft); font-size: 13.5px; }
svg { min-width: 760px; }
.band { fill: var(--band); } .fault { fill: var(--fault); } .fault.bad { fill: var(--red); }
.accepted { stroke: var(--blue); stroke-width: 1.6; } .accepted-area { fill: var(--blue); opacity: 0.16; }
.begun { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
.median { stroke: var(--blue); stroke-width: 2; } .tail { stroke: var(--orange); stroke-width: 1.2; stroke-dasharray: 5 2; }
svg path.failed:not(.key) { fill: var(--orange); } svg path.vain:not(.key) { fill: var(--red); stroke: var(--ink); }
.failed.key { stroke: var(--orange); stroke-width: 9; } .vain.key { stroke: var(--red); stroke-width: 9; }
.undecided { stroke: var(--violet); stroke-width: 1.6; } .undecided-area { fill: var(--violet); opacity: 0.16; }
.zero { color: var(--soft); }
.bad { color: var(--red); font-weight: 600; }
ul.checks { list-style: none; margin: 0; padding: 0; columns: 2; column-gap: 40px; }
ul.checks li { padding: 4px 0 4px 26px; position: relative; break-inside: avoid; }
ul.checks li::before { content: '✓'; position: absolute; left: 2px; color: var(--green); font-weight: 700; }
ul.checks li.wrong { color: var(--red); } ul.checks li.wrong::before { content: '✗'; color: var(--red); }
@media (max-width: 760px) { ul.checks { columns: 1; } }
`;
