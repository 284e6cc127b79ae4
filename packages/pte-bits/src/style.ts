/** What the element looks like; its colours follow the scheme of the page, and `--pte-bits-*` sets them otherwise. */
export const STYLE: string = `
:host([hidden]) { display: none; }
:host { display: block; color-scheme: light dark; font: 1rem/1.4 system-ui, sans-serif; }
p { margin: 0.25rem 0; overflow-wrap: anywhere; }
.says { font-weight: 600; }
.quiet { color: light-dark(#545d68, #a9b1ba); }
.refused { color: light-dark(#a40e26, #ff9492); }
.bits, code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
.row { display: grid; grid-template-columns: repeat(16, minmax(0, 1fr)); margin-bottom: 0.4rem; }
.in-8 { grid-template-columns: repeat(8, minmax(0, 1fr)); }
.field { grid-row: 1; font-size: 0.75rem; text-align: center; overflow: hidden; white-space: nowrap; border: 1px solid light-dark(#818b98, #7d8590); margin-right: -1px; }
.bit { grid-row: 2; box-sizing: border-box; min-width: 0; min-height: 2.5rem; padding: 0; font: inherit; text-align: center; color: inherit; background: none; border: 1px solid light-dark(#818b98, #7d8590); margin: 0 -1px 0 0; border-radius: 0; }
button.bit { cursor: pointer; }
.bit span { display: block; }
.number { font-size: 0.6rem; }
.set { font-weight: 800; text-decoration: underline; }
:focus-visible { outline: 3px solid light-dark(#0550ae, #79b8ff); outline-offset: -3px; }
.k-swpType, .k-present-pfn { background: var(--pte-bits-type, light-dark(#cfe3ff, #17395e)); }
.k-swpOffset { background: var(--pte-bits-offset, light-dark(#e4f1da, #23401f)); }
.k-exclusive, .k-softDirty, .k-uffdWp, .k-present-uffdWp, .k-present-softDirty, .k-present-software { background: var(--pte-bits-flag, light-dark(#ffe0b8, #5a3a10)); }
.k-zeros, .k-ones { background: var(--pte-bits-constant, light-dark(#e9e9e9, #2c3136)); }
.k-hardware, .k-setPte, .k-present-hardware { background: var(--pte-bits-hardware, light-dark(#f6d0d0, #5a2424)); }
.k-dropped { background: var(--pte-bits-dropped, light-dark(#f1e4f7, #43284f)); }
`;
