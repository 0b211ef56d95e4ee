"""How the page about an exploration looks: the report's greys, and sheets of A4 for a printer."""

from prep_core.batch import page_style

STYLE = (
    page_style.STYLE
    + """
body { max-width: 64rem; }
section { margin-top: 1.5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .35rem 1.5rem; margin: 0; }
.facts dt { color: var(--quiet); font-size: 12px; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts + .said { margin-top: .75rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; --highest: 26rem; }
.pair div { background: var(--table); display: grid; place-items: center; }
.pair img { aspect-ratio: var(--aspect); width: min(100%, var(--highest) * var(--aspect)); height: auto; }
.stages { list-style: none; margin: 0; padding: 0; }
.stages > li {
  display: grid; grid-template-columns: 210px minmax(0, 1fr); gap: .25rem 1.25rem; padding: .6rem 0;
  border-top: 1px solid var(--line); break-inside: avoid;
}
.stages svg { display: block; width: 210px; height: 48px; background: var(--table); fill: var(--quiet); }
.stages figure div { display: flex; justify-content: space-between; font-size: 11px; color: var(--quiet); }
.figures { border-collapse: collapse; width: 100%; }
.figures + h3 { margin: 1.5rem 0 .25rem; }
.figures th, .figures td { text-align: right; padding: .2rem 0 .2rem 1rem; border-top: 1px solid var(--line); }
.figures td.words, .figures th.words { text-align: left; }
.figures td:first-child, .figures th:first-child { text-align: left; padding-left: 0; }
.figures td.words { color: var(--quiet); width: 50%; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; }
@page { size: A4; margin: 14mm; }
@media print {
  :root { color-scheme: light; }
  body { padding: 0; max-width: none; font-size: 10pt; background: none; -webkit-print-color-adjust: exact;
    print-color-adjust: exact; }
  h2, h3, h2 + .quiet { break-after: avoid; }
  .stages, .stages > li:first-child { break-before: avoid; }
  p { break-inside: avoid; }
  .pair, .figures tr, .said { break-inside: avoid; }
  .pair { --highest: 80mm; }
  pre { font-size: 8pt; }
}
"""
)
