"""How report.html looks: neutral greys beside pictures, as on the screen, light or dark as the reader's machine is."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f6f6, #1e1e1e);
  --table: light-dark(#e9e9e9, #2b2b2b);
  --text: light-dark(#111111, #e6e6e6);
  --quiet: light-dark(#595959, #a8a8a8);
  --line: light-dark(#c4c4c4, #4a4a4a);
  --accent: light-dark(#0b6e99, #58b4d8);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem; max-width: 88rem; background: var(--ground); color: var(--text);
  font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; }
p { margin: .25rem 0; max-width: 60rem; }
a { color: var(--accent); }
code, pre {
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 13px;
}
pre { background: var(--table); padding: .75rem 1rem; margin: .5rem 0; overflow-x: auto; }
summary { cursor: pointer; }
.quiet { color: var(--quiet); }
.totals { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .75rem 0; padding: 0; list-style: none; }
.totals b { font-size: 1.5rem; font-weight: 600; }
.failures { border-collapse: collapse; width: 100%; }
.failures th, .failures td {
  text-align: left; vertical-align: top; padding: .3rem 1rem .3rem 0; border-top: 1px solid var(--line);
}
.scans { list-style: none; margin: 0; padding: 0; }
.scans > li {
  display: grid; grid-template-columns: 324px 210px minmax(0, 1fr); gap: .5rem 1.5rem; align-items: center;
  padding: .75rem 0; border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 186px;
}
.picture { height: 160px; background: var(--table); display: grid; place-items: center; }
.picture img { width: 100%; height: 160px; object-fit: contain; image-rendering: pixelated; }
.curves { display: grid; max-width: 210px; gap: .35rem; font-size: 11px; color: var(--quiet); }
.curves svg { display: block; width: 210px; height: 48px; background: var(--table); fill: var(--quiet); }
figure { margin: 0; }
.curves div { display: flex; justify-content: space-between; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
td, .said { overflow-wrap: anywhere; }
.said { border-left: 3px solid var(--accent); padding-left: .6rem; margin: .35rem 0; }
.numbers { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: .35rem 0; }
.numbers span span { color: var(--quiet); }
@media (max-width: 60rem) { .scans > li { grid-template-columns: minmax(0, 1fr); } }
@media print { .scans > li { content-visibility: visible; break-inside: avoid; } }
"""
