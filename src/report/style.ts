/** The report's whole look: system fonts, one page, light and dark, phone and print. Meaning never rests on colour alone. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #faf8f3; --card: #ffffff; --ink: #1e211f; --soft: #5a605b; --line: #dcd8cd; --faint: #f1eee5;
  --with: #0a6a62; --with-soft: #cfe6e1; --without: #33383c; --other: #8b918c;
  --bad: #ab3f12; --bad-soft: #f5d9ca; --thin: #7a5600; --thin-soft: #f6e9c4; --grid: #e6e2d7; --band: #eeeade;
  --r0: #c8763f; --r1: #6f7fb3; --r2: #b58f1e; --r3: #a05a86; --r4: #5b8f5b; --r5: #8b8f92;
  --serif: Charter, 'Bitstream Charter', 'Sitka Text', Cambria, 'Noto Serif', Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif;
  --mono: ui-monospace, 'Cascadia Code', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) { :root {
  --paper: #131614; --card: #1a1e1c; --ink: #ecebe5; --soft: #a8aea9; --line: #353b37; --faint: #212623;
  --with: #62c6b6; --with-soft: #14443d; --without: #e4e2db; --other: #848b86;
  --bad: #f49b72; --bad-soft: #53290f; --thin: #e6c069; --thin-soft: #43360f; --grid: #2c332f; --band: #2b332f;
  --r0: #d08a58; --r1: #8c9bce; --r2: #c7a53c; --r3: #bb7aa2; --r4: #78ab78; --r5: #8e9396;
} }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); font-variant-numeric: tabular-nums; }
.page { max-width: 47rem; margin: 0 auto; padding: 1.5rem 1.125rem 4rem; }
h1, h2, h3, p, figure, dl, dd, ul, ol { margin: 0; }
h1, h2, h3 { font-family: var(--serif); line-height: 1.2; text-wrap: balance; font-weight: 600; overflow-wrap: anywhere; }
h1 { font-size: clamp(2rem, 1.5rem + 2.4vw, 2.9rem); letter-spacing: -0.015em; }
h2 { font-size: 1.65rem; letter-spacing: -0.01em; }
h3 { font-size: 1.18rem; margin-top: 2.25rem; }
p, li, dd { overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--other); text-underline-offset: 0.2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--with); outline-offset: 3px; border-radius: 3px; }
code { font: 0.86em/1.4 var(--mono); overflow-wrap: anywhere; }
small, .small { font-size: 0.84rem; color: var(--soft); line-height: 1.45; }
.unbroken { white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: 0.5rem 1rem; z-index: 2; }

.masthead .kicker { font-size: 0.8rem; letter-spacing: 0.09em; text-transform: uppercase; color: var(--soft); margin-bottom: 0.5rem; }
.facts-line { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; margin-top: 0.75rem; padding: 0; list-style: none; font-size: 0.88rem; color: var(--soft); }
.facts-line b { color: var(--ink); font-weight: 600; }

.answer { margin: 1.75rem 0 0; background: var(--card); border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 1px 2px rgb(0 0 0 / 0.04), 0 10px 30px -18px rgb(0 0 0 / 0.25); }
.answer > div { padding: 1.2rem 1.35rem 1.3rem; }
.answer > div + div { border-top: 1px solid var(--line); }
.answer dt { font-size: 0.8rem; letter-spacing: 0.02em; font-weight: 600; color: var(--soft); margin-bottom: 0.3rem; }
.answer dd { font: 1.13rem/1.45 var(--serif); text-wrap: pretty; }
.answer .main dd { font-size: 1.36rem; line-height: 1.36; letter-spacing: -0.005em; }
.answer .badges { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.8rem 0 0; padding: 0; list-style: none; }

.badge { display: inline-flex; align-items: center; gap: 0.42em; border-radius: 99px; padding: 0.18rem 0.72rem 0.2rem; font: 600 0.84rem/1.4 var(--sans); border: 1px solid transparent; }
.badge svg { width: 0.72em; height: 0.72em; flex: none; }
.helps { background: var(--with-soft); color: var(--with); }
.no-evidence { background: var(--faint); color: var(--ink); border-color: var(--line); }
.hurts, .fails { background: var(--bad-soft); color: var(--bad); }
.passes { background: var(--with-soft); color: var(--with); }
.note { background: var(--faint); color: var(--soft); font-weight: 500; }

nav { margin-top: 1.75rem; font-size: 0.9rem; }
nav ol { display: flex; flex-wrap: wrap; gap: 0.3rem 1.15rem; list-style: none; padding: 0; }
nav a { text-decoration: none; color: var(--soft); display: inline-block; padding: 0.15rem 0; }
nav a:hover { color: var(--ink); text-decoration: underline; }
@media (min-width: 72rem) {
  .page { max-width: 63rem; padding: 3.25rem 2rem 6rem; display: grid; grid-template-columns: 10.5rem minmax(0, 46rem); column-gap: 4rem; justify-content: center; }
  .page > * { grid-column: 2; }
  .page > nav { grid-column: 1; grid-row: 1 / span 40; margin: 0; }
  nav ol { position: sticky; top: 3.25rem; flex-direction: column; gap: 0.2rem; border-left: 1px solid var(--line); padding-left: 1rem; }
}

section { margin-top: 3.75rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
.standfirst { color: var(--soft); margin-top: 0.5rem; max-width: 40rem; text-wrap: pretty; }
section > p { margin-top: 0.85rem; max-width: 40rem; }
.plain-list { margin-top: 0.75rem; padding-left: 1.15rem; }
.plain-list li { margin-top: 0.4rem; }
.plain-list li::marker { color: var(--other); }
.callout { margin-top: 1.1rem; padding: 0.85rem 1.1rem; background: var(--thin-soft); border-radius: 10px; max-width: none; }
.callout strong { font-weight: 650; }

.panel { margin-top: 1.35rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem 1.35rem 1.35rem; }
.panel h3 { margin-top: 0; }
.compact { padding: 0.9rem 1.35rem; margin-top: 0.75rem; }
.compact p, .compact details { margin-top: 0.4rem; }
.compact summary { font-weight: 500; font-size: 0.92rem; }
.panel-head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.8rem; }
.big { font: 600 clamp(2.2rem, 1.8rem + 1.8vw, 3rem)/1.1 var(--serif); letter-spacing: -0.02em; margin-top: 0.75rem; }
.big span { font: 400 1rem/1.4 var(--sans); letter-spacing: 0; color: var(--soft); margin-left: 0.3rem; }
.big .unbroken { margin: 0; }
.terms { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.95rem 1.75rem; margin-top: 1.35rem; }
.terms > div { border-top: 1px solid var(--line); padding-top: 0.5rem; }
.terms dt { font-size: 0.82rem; color: var(--soft); }
.terms dd { margin-top: 0.1rem; }
.terms dd b { font-weight: 650; }
.wide { grid-column: 1 / -1; }
@media (max-width: 40rem) { .terms { column-gap: 1.1rem; } .terms .prose { grid-column: 1 / -1; } .big > span { display: block; margin: 0.3rem 0 0; } }

/* Charts are tables: their figures are text, and the drawing is one more cell. */
table { border-collapse: collapse; font-size: 0.92rem; }
caption { text-align: left; caption-side: top; padding: 0 0 0.6rem; color: var(--soft); font-size: 0.88rem; line-height: 1.45; text-wrap: pretty; }
caption b { display: block; color: var(--ink); font-size: 0.98rem; font-weight: 650; }
th { text-align: left; font-weight: 600; }
.chart { display: block; width: 100%; margin-top: 1.5rem; }
.chart caption, .chart tbody { display: block; }
.chart tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: 1rem; align-items: end; }
.chart th { padding: 0.55rem 0 0.1rem; line-height: 1.3; overflow-wrap: anywhere; font-weight: 500; }
.chart th small { display: block; font-weight: 400; }
.chart .figures { padding: 0.55rem 0 0.1rem; text-align: right; line-height: 1.3; white-space: nowrap; }
.chart .figures b { font-weight: 650; }
.chart .figures small { display: block; }
.chart .track { grid-column: 1 / -1; padding: 0; position: relative; min-height: 26px; }
.chart .track > svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.chart .axis .track { min-height: 24px; }
.chart.double tr:not(.axis) .track { min-height: 38px; }
.chart .strong th, .chart .strong .figures { font-weight: 650; }
.chart .strong small { font-weight: 400; }
.chart .label th { padding-top: 0.9rem; font-size: 0.82rem; color: var(--soft); }
.chart .label + tr th, .chart .label + tr .figures { padding-top: 0.3rem; }
@media (min-width: 40rem) {
  .chart tr { grid-template-columns: 11.5rem minmax(0, 1fr) 9.2rem; align-items: stretch; }
  .chart th, .chart .figures { padding: 0.35rem 0; align-self: center; }
  .chart .label th { grid-column: 1 / -1; padding: 0.9rem 0 0; }
  .chart .track { grid-column: 2; grid-row: 1; }
  .chart .track { min-height: 40px; }
}
.grid-line { stroke: var(--grid); stroke-width: 1; }
.zero-line { stroke: var(--ink); stroke-width: 1.5; }
.mark-line { stroke: var(--soft); stroke-width: 1.25; stroke-dasharray: 3 3; }
.worth-band { fill: var(--band); }
.axis text { font: 12px var(--sans); fill: var(--soft); font-variant-numeric: tabular-nums; }
.whisker { stroke-width: 2.25; stroke: var(--other); }
.dot { fill: var(--other); stroke: var(--card); stroke-width: 1.5; }
.with .whisker { stroke: var(--with); } .with .dot { fill: var(--with); }
.without .whisker { stroke: var(--without); } .without .dot { fill: var(--card); stroke: var(--without); stroke-width: 2.25; }
.worse .whisker { stroke: var(--bad); } .worse .dot { fill: var(--bad); }
.bar { fill: var(--other); } .bar.with { fill: var(--with); } .bar.short { fill: var(--thin); } .bar.reused { fill: var(--other); opacity: 0.55; } .bar-back { fill: var(--faint); }
.target { stroke: var(--ink); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; margin: 0.75rem 0 0; padding: 0; list-style: none; font-size: 0.84rem; color: var(--soft); }
.legend li { display: inline-flex; align-items: center; gap: 0.45rem; }
.legend svg { width: 22px; height: 14px; flex: none; overflow: visible; }
.fill-0 { fill: var(--r0); } .fill-1 { fill: var(--r1); } .fill-2 { fill: var(--r2); } .fill-3 { fill: var(--r3); } .fill-4 { fill: var(--r4); } .fill-5 { fill: var(--r5); }
.fill-accepted { fill: var(--with); }
.track [class^='fill-'] { stroke: var(--paper); stroke-width: 1; }
.chart.bars .track { min-height: 16px; align-self: center; }
.under { grid-column: 1 / -1; padding: 0.2rem 0 0.5rem; }
.under small { display: block; }
@media (min-width: 40rem) { .chart .under { grid-column: 2 / -1; padding-top: 0; } }

.scroll { overflow-x: auto; margin-top: 1.25rem; border-radius: 10px; border: 1px solid var(--line);
  background: linear-gradient(to right, var(--card) 30%, transparent) left / 3rem 100% no-repeat local,
    linear-gradient(to left, var(--card) 30%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to right, rgb(0 0 0 / 0.16), transparent) left / 0.8rem 100% no-repeat scroll,
    linear-gradient(to left, rgb(0 0 0 / 0.16), transparent) right / 0.8rem 100% no-repeat scroll, var(--card); }
.scroll table { width: 100%; }
.scroll caption { padding: 0.9rem 0 0.7rem; }
.scroll caption span { display: block; position: sticky; left: 1rem; margin: 0 1rem; width: fit-content; max-width: min(100%, calc(100vw - 4.5rem)); }
.scroll th small { display: block; font-weight: 400; margin-top: 0.1rem; }
.scroll .number small { display: block; }
.scroll th, .scroll td { padding: 0.5rem 0.75rem; border-top: 1px solid var(--line); vertical-align: top; text-align: left; }
.scroll thead th { font-size: 0.82rem; color: var(--soft); vertical-align: bottom; line-height: 1.3; }
@media (max-width: 40rem) { .scroll th, .scroll td { padding: 0.45rem 0.5rem; } }
.scroll th:first-child, .scroll td:first-child { padding-left: 1rem; }
.scroll th:last-child, .scroll td:last-child { padding-right: 1rem; }
.scroll .prose td { border-top: 0; padding-top: 0; }
.scroll tr:has(+ .prose) > * { padding-bottom: 0.1rem; }
.scroll .number { text-align: right; white-space: nowrap; }
.scroll tbody th { font-weight: 500; min-width: 7.5rem; max-width: 24rem; overflow-wrap: anywhere; }
.pinned th:first-child { position: sticky; left: 0; background: var(--card); box-shadow: 1px 0 0 var(--line); z-index: 1; }
@media (min-width: 40rem) { .pinned tbody th { min-width: 11rem; } }
@media (max-width: 40rem) { .pinned tr > th:first-child { max-width: 42vw; } }
.heat { border-collapse: separate; border-spacing: 0; }
.heat td { text-align: center; min-width: 4.6rem; border-left: 1px solid var(--card); line-height: 1.25; }
.heat td b { display: block; font-weight: 650; }
.heat td small { display: block; color: inherit; opacity: 0.85; white-space: nowrap; }
.heat thead th { text-align: center; min-width: 4.6rem; max-width: 9rem; overflow-wrap: anywhere; }
.heat thead th:first-child { text-align: left; }
.enough { background: var(--with-soft); }
.thin { background: var(--thin-soft); }
.empty { background: var(--bad-soft); color: var(--bad); }
.none { color: var(--bad); font-weight: 650; }
.unasked { color: var(--soft); }
.curve { margin-top: 0.4rem; }
.curve > svg { display: block; width: 100%; height: 17rem; overflow: visible; }
.curve text { font: 12px var(--sans); fill: var(--soft); font-variant-numeric: tabular-nums; }
.curve .said { fill: var(--ink); font-weight: 600; }
.curve.worth > svg { height: 19rem; }
.curve .said.with { fill: var(--with); }
.level { stroke: var(--with); stroke-width: 1.75; stroke-dasharray: 5 4; }
.span { stroke: var(--with); stroke-width: 5; stroke-linecap: round; opacity: 0.45; }
.span-dot { fill: var(--with); }
.worth .expected { fill: var(--faint); }
.worth .expected-line { stroke: var(--without); }
.expected { fill: var(--with-soft); }
.expected-line { fill: none; stroke: var(--with); stroke-width: 2.25; }

.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1.25rem; margin-top: 1.1rem; }
.reliability { max-width: 19rem; }
.reliability figcaption { font-size: 0.88rem; color: var(--soft); }
.reliability figcaption b { color: var(--ink); }
.reliability svg { display: block; width: 100%; aspect-ratio: 1; overflow: visible; margin-top: 0.6rem; }
.reliability text { font: 12px var(--sans); fill: var(--soft); }

details { margin-top: 1.25rem; }
summary { cursor: pointer; font-weight: 600; padding: 0.3rem 0; }
summary:hover { color: var(--with); }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; margin-top: 1.1rem; padding: 0; list-style: none; }
.samples li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 0.9rem 1.05rem; font-size: 0.9rem; }
.samples dl { display: grid; grid-template-columns: minmax(5.5rem, max-content) minmax(0, 1fr); gap: 0.2rem 0.9rem; margin-top: 0.5rem; }
.samples dt { color: var(--soft); overflow-wrap: anywhere; max-width: 9rem; }
.colophon { margin-top: 3.75rem; border-top: 1px solid var(--line); padding-top: 1.1rem; }

@page { margin: 16mm 15mm; }
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --faint: #f0eee8;
    --with: #0a6a62; --with-soft: #d8ebe7; --without: #222; --other: #777; --grid: #ddd; --band: #eeeae0;
    --bad: #9a350c; --bad-soft: #f7e0d4; --thin: #6b4b00; --thin-soft: #f8efd5;
  }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  html { font-size: 9.5pt; }
  .page { display: block; max-width: none; padding: 0; }
  nav, .skip { display: none; }
  section { margin-top: 1.6rem; padding-top: 0.9rem; }
  .answer { box-shadow: none; margin-top: 1rem; }
  .answer, .answer > div, tr, .chart, .samples li, .terms > div, .callout, .panel-head, .big { break-inside: avoid; }
  tr.prose, .legend { break-before: avoid; }
  p, li { orphans: 3; widows: 3; }
  .standfirst, section > p { max-width: none; break-inside: avoid; }
  h2, h3, caption, .standfirst, .panel-head, .big { break-after: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; border: 0; }
  .scroll { break-inside: avoid; background: none; }
  .scroll table { font-size: 0.86rem; }
  .scroll caption { padding-left: 0; }
  .scroll caption span { position: static; margin: 0; max-width: none; }
  .scroll th, .scroll td { padding: 0.25rem 0.35rem; }
  .scroll tbody th { min-width: 0; }
  .heat td, .heat thead th { min-width: 0; }
  .heat td small { white-space: normal; }
  .pinned th:first-child { position: static; box-shadow: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; }
  a { text-decoration: none; }
}
`
