import type { Run } from "@ptekit/pte-bits";
import { isSet, rowsOfBits } from "@ptekit/pte-bits";
import type { TemplateResult } from "lit-html";
import { html } from "lit-html";

/** What the drawing of a word needs. */
export interface BitsView {
  readonly word: bigint;
  readonly bits: number;
  /** How many stand in a row: 16, and 8 on a phone. */
  readonly inRow: number;
  readonly runs: readonly Run[];
  /** The bit that Tab reaches; the arrow keys move on from it. */
  readonly current: number;
  toggle(bit: number): void;
  move(bit: number): void;
}

/** A word as switches, one a bit, under the names of its fields. */
export function bitsView(view: BitsView): TemplateResult {
  return html`<div class="bits" role="group" aria-label="The bits of the word" @keydown=${(event: KeyboardEvent) => onKey(view, event)}>
    ${rowsOfBits(view.bits, view.inRow).map((row) => rowView(view, row))}
  </div>`;
}

function rowView(view: BitsView, row: readonly number[]): TemplateResult {
  return html`<div class=${view.inRow === 8 ? "row eight" : "row"}>
    ${segmentsOf(view.runs, row).map(
      ({ run, first, count }) =>
        html`<span class="field k-${run.kind}" .style=${`grid-column: ${first} / span ${count}`} title=${run.name} aria-hidden="true"
          >${run.name.length * 0.62 <= count * 1.6 ? run.name : run.letter}</span
        >`,
    )}
    ${row.map((bit) => bitView(view, bit))}
  </div>`;
}

function bitView({ word, runs, current, toggle }: BitsView, bit: number): TemplateResult {
  const set = isSet(word, bit);
  const run = runs.find(({ high, low }) => bit <= high && bit >= low);
  return html`<button
    type="button"
    class="bit k-${run?.kind ?? "none"}"
    role="switch"
    id="bit-${bit}"
    aria-checked=${set ? "true" : "false"}
    aria-label="bit ${bit}, ${run?.name ?? "nothing"}"
    title="bit ${bit}, ${run?.name ?? "nothing"}"
    tabindex=${bit === current ? 0 : -1}
    @click=${() => toggle(bit)}
  ><span class="number">${bit}</span><span class="digit">${set ? 1 : 0}</span></button>`;
}

/** The parts of runs in one row: which column each begins in, from 1, and over how many it goes. */
function segmentsOf(
  runs: readonly Run[],
  row: readonly number[],
): { run: Run; first: number; count: number }[] {
  const [top = 0, bottom = 0] = [row[0], row.at(-1)];
  return runs
    .filter(({ high, low }) => high >= bottom && low <= top)
    .map((run) => {
      const [high, low] = [Math.min(run.high, top), Math.max(run.low, bottom)];
      return { run, first: top - high + 1, count: high - low + 1 };
    });
}

/** Arrow keys go from bit to bit and from row to row; Home and End to the ends of the word. */
function onKey({ bits, inRow, current, move }: BitsView, event: KeyboardEvent): void {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: current + 1,
    ArrowRight: current - 1,
    ArrowUp: current + inRow,
    ArrowDown: current - inRow,
    Home: bits - 1,
    End: 0,
  };
  const target = steps[event.key];
  if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (target >= 0 && target < bits) move(target);
}
