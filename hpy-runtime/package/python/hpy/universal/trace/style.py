"""How the page looks, in light and in dark."""

STYLE = """\
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #ffffff; --line: #e3e2de; --ink: #17170f; --soft: #5d5c56;
  --track: #efeeea; --bar: #2a6fc9; --rest: #b9cfea; --hover: #f3f6fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141413; --card: #1e1e1c; --line: #34332f; --ink: #f4f3ee; --soft: #aeada4;
    --track: #2a2a27; --bar: #5b9df0; --rest: #2f4a6d; --hover: #24262a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
main { max-width: 980px; margin: 0 auto; padding: 36px 24px 56px; }
header p { margin: 0; color: var(--soft); }
h1 { margin: 2px 0 22px; font-size: 26px; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 17px; }
code, .name {
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 13px;
}
.tiles {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 14px;
}
.tile, section {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
}
.tile { padding: 14px 18px; }
.tile b { display: block; font-size: 24px; font-weight: 600; line-height: 1.3; }
.tile span { color: var(--soft); font-size: 13px; }
section { margin-top: 18px; padding: 18px 20px 14px; }
.about { margin: 2px 0 12px; color: var(--soft); font-size: 13px; }
.row {
  display: grid; align-items: center; column-gap: 14px; padding: 4px 6px; border-radius: 6px;
  grid-template-columns: minmax(150px, 260px) 1fr 82px 118px 62px;
}
.row:hover { background: var(--hover); }
.row > span { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.row > .name { text-align: left; overflow: hidden; text-overflow: ellipsis; }
.row .soft { color: var(--soft); font-size: 13px; }
.head, .head:hover { background: none; color: var(--soft); font-size: 12px; padding-bottom: 2px; }
.track { display: flex; height: 12px; background: var(--track); border-radius: 3px; }
.track i { display: block; min-width: 0; height: 100%; background: var(--bar); }
.track i:first-child { border-radius: 3px 0 0 3px; }
.track i:last-child { border-radius: 0 3px 3px 0; }
.track i:only-child { border-radius: 3px; }
.track i.rest { background: var(--rest); }
.key { display: inline-flex; align-items: center; gap: 6px; margin-right: 16px; }
.key i { width: 12px; height: 12px; border-radius: 3px; background: var(--bar); }
.key i.rest { background: var(--rest); }
input.choice { position: absolute; opacity: 0; }
.choices { float: right; }
.choices label {
  padding: 3px 12px; border: 1px solid var(--line); color: var(--soft); cursor: pointer;
  font-size: 13px;
}
.choices label:first-child { border-radius: 6px 0 0 6px; }
.choices label:last-child { border-radius: 0 6px 6px 0; margin-left: -1px; }
#by-time:checked ~ .choices label[for=by-time],
#by-calls:checked ~ .choices label[for=by-calls] {
  background: var(--bar); border-color: var(--bar); color: var(--card);
}
#by-time:focus-visible ~ .choices label[for=by-time],
#by-calls:focus-visible ~ .choices label[for=by-calls] { outline: 2px solid var(--ink); }
#by-time:checked ~ .of-calls, #by-calls:checked ~ .of-time { display: none; }
details > summary { list-style: none; cursor: pointer; }
details > summary::-webkit-details-marker { display: none; }
details > summary .name::before { content: "\\25b8"; color: var(--soft); margin-right: 7px; }
details[open] > summary .name::before { content: "\\25be"; }
details > div { margin: 0 0 8px 16px; }
.more { margin-top: 4px; }
.more > summary { color: var(--soft); font-size: 13px; padding: 4px 6px; }
footer { margin-top: 20px; color: var(--soft); font-size: 13px; }
@media (max-width: 640px) {
  .row { grid-template-columns: 1fr 82px; row-gap: 3px; }
  .row .track { grid-column: 1 / -1; grid-row: 2; }
  .row > span:nth-child(n + 4), .head { display: none; }
}
"""
