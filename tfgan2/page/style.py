"""The style sheet of the page, for light and dark screens, phones and paper."""

STYLE = """
:root { color-scheme: light dark; --ink: #20262c; --faint: #5c6670; --line: #d5dae0; --box: #f4f6f8; --back: #ffffff;
  --link: #0b5cad; --alarm: #8a4b00; --alarm-box: #fff4e0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e7eb; --faint: #a3adb7; --line: #3a434c; --box: #1f262d; --back: #14191e; --link: #7db9f5;
    --alarm: #f2c078; --alarm-box: #33270f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 78rem; background: var(--back);
  color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 1rem 0 .25rem; font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.75rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1.05rem; overflow-wrap: anywhere; }
p, li { max-width: 44rem; overflow-wrap: anywhere; }
.lead { margin: 0 0 1rem; color: var(--faint); font-size: 1.1rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0; padding: 0; list-style: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 1rem 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 32rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }
figure { margin: 1rem 0; }
figcaption { margin-top: .35rem; max-width: 44rem; color: var(--faint); font-size: .9rem; }
img { display: block; max-width: 100%; height: auto; border-radius: 4px; }
img.sharp { image-rendering: pixelated; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem 1.5rem;
  align-items: start; }
.curves { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
.pair figure { margin: 0; }
.pair img { width: 100%; }
.wide { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .93rem; }
th, td { padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--faint); font-weight: 500; }
tbody th { font-weight: 600; white-space: nowrap; }
.scores td:nth-child(-n+3) { font-variant-numeric: tabular-nums; }
@media (min-width: 40rem) { .scores td:nth-child(-n+3) { white-space: nowrap; } }
.scores td:last-child, .flags td:last-child { min-width: 12rem; }
.flags td:nth-child(2) { min-width: 8rem; overflow-wrap: anywhere; }
td p { margin: 0 0 .25rem; }
pre { overflow-x: auto; padding: .75rem 1rem; border-radius: 6px; background: var(--box); font-size: .88rem; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.alarm { padding: .25rem 1rem; border-left: 4px solid var(--alarm); border-radius: 4px; background: var(--alarm-box); }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { display: block; padding: .1rem 0; border: 0; }
  td::before { content: attr(data-title) ": "; color: var(--faint); }
}
summary { cursor: pointer; color: var(--link); }
@media print { nav { display: none; } body { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }
""".strip()
