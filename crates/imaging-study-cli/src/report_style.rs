//! How the page of a report looks, and its only script.

/// The style of the page.
pub(crate) const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6470;--line:#d8dde3;--page:#fff;--tile:#f5f7f9;--bar:#2f6f9f;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa4b0;--line:#363d46;--page:#14171b;--tile:#1d2127;--bar:#5ba3d6;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:80rem;padding:1rem;background:var(--page);color:var(--ink);font:1rem/1.45 system-ui,sans-serif}
h1{font-size:1.5rem;margin:.5rem 0 1rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0 0 .25rem;overflow-wrap:anywhere}
a{color:var(--bar)}
.tiles,.charts{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr))}
.charts{grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));margin-top:1rem}
.tile,figure,section.study{background:var(--tile);border:1px solid var(--line);border-radius:.5rem;padding:.75rem;margin:0}
.tile b{display:block;font-size:1.4rem}
.tile span,.soft,figcaption span{color:var(--soft)}
figcaption{font-weight:600;margin-bottom:.5rem}
svg{display:block;width:100%;height:auto}
svg rect{fill:var(--bar)}
svg text{fill:var(--ink);font:13px system-ui,sans-serif}
.bad{color:var(--bad)}
.wide{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{white-space:nowrap;background:var(--tile)}
td.n{text-align:right;font-variant-numeric:tabular-nums}
td.uid{overflow-wrap:anywhere;min-width:12rem;font-family:ui-monospace,monospace;font-size:.8rem}
tr:last-child td{border-bottom:0}
input{font:inherit;width:100%;max-width:30rem;padding:.4rem .6rem;margin-bottom:.5rem;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:.4rem}
section.study{margin:1rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .75rem;margin:.25rem 0 .5rem;font-size:.9rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0}input{display:none}.wide{overflow:visible}section.study,figure{break-inside:avoid}}
";

/// Shows the field for searching, which does nothing without it, and hides rows without the text.
pub(crate) const SCRIPT: &str = "\
'use strict';
const field=document.getElementById('search'),rows=document.querySelectorAll('#studies tbody tr');
field.hidden=false;
field.addEventListener('input',()=>{const text=field.value.toLowerCase();
for(const row of rows)row.hidden=!row.textContent.toLowerCase().includes(text)});
";
