// /matrix: which architecture has what, since when, and why not; a table that needs no script.
import type { Architecture } from "@ptekit/core";
import { mainlineReleases, NEWEST_RELEASE } from "@ptekit/core";
import type { Cell, Row, Step } from "../matrix/cells.ts";
import { rowOf } from "../matrix/cells.ts";
import { columns } from "../matrix/columns.ts";
import type { Proof } from "../proof.ts";
import { cited } from "./cited.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";
import { layoutLink, proofLinks } from "./proofs.ts";

type Proofs = Readonly<Record<string, readonly Proof[]>>;

/** The content of the page. */
export function matrixPage(archs: readonly Architecture[], proofs: Proofs): Html {
  const rows = archs.map(rowOf);
  return markup`<h2>Which architecture has what, since when, and why not</h2>
<p>Every answer is worked out from the data of the layouts, with everything on that a release of the architecture can select. A cell opens: the condition, the reason, where it is written, what proves it, and how it was before.</p>
<p class="quiet">“Written, never selected” stands in the headers under a Kconfig symbol that nothing selects: no kernel has it.</p>
${filters(rows)}
<div class="scroll" tabindex="0" role="region" aria-labelledby="matrix-caption"><table id="matrix">
<caption id="matrix-caption">Linux <span id="shown-release">${NEWEST_RELEASE}</span></caption>
<thead><tr><th scope="col">architecture</th>${columns.map(({ id, title, short }) => markup`<th scope="col" id="c-${id}" data-short="${short}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => rowView(row, proofs))}</tbody>
</table></div>`;
}

function filters(rows: readonly Row[]): Html {
  const flags = columns.filter(({ isFlag }) => isFlag);
  const archs = rows.map(({ arch }) => arch.name);
  return markup`<form id="filters"><fieldset class="inline" disabled><legend>What is shown</legend>
<label>Linux <select id="at">${[...mainlineReleases()].reverse().map((release, i, all) => markup`<option value="${all.length - 1 - i}">${release}</option>`)}</select></label>
<label>has <select id="has"><option value="">anything</option>${flags.map(({ id, title }) => markup`<option value="${id}">${title}</option>`)}</select></label>
<label>lacks <select id="lacks"><option value="">anything</option>${flags.map(({ id, title }) => markup`<option value="${id}">${title}</option>`)}</select></label>
<label>compare <select id="one"><option value="">every one</option>${archs.map((name) => markup`<option>${name}</option>`)}</select></label>
<label>with <select id="other"><option value="">no other</option>${archs.map((name) => markup`<option>${name}</option>`)}</select></label>
<button type="button" id="mail">Copy as a mail</button>
<button type="button" id="link">Copy the link</button>
</fieldset></form>
<noscript><p>The filters need JavaScript; the table does not.</p></noscript>
<p role="status" id="count" class="quiet">${archs.length} architectures.</p>`;
}

function rowView({ arch, cells }: Row, proofs: Proofs): Html {
  return markup`<tr data-arch="${arch.name}"><th scope="row"><a href="../arch/${arch.name}/">${arch.name}</a></th>${cells.map((cell) => cellView(arch, cell, proofs))}</tr>
`;
}

function cellView(arch: Architecture, { column, steps }: Cell, proofs: Proofs): Html {
  const now = steps[0];
  const [oldest] = steps.slice(-1);
  return markup`<td data-column="${column.id}" data-state="${now?.state ?? "unknown"}" data-from="${oldest?.since ?? ""}"><details><summary>${now ? headOf(now) : "not described"}</summary><ol>${steps.map((step) => stepView(arch, step, proofs))}</ol></details></td>`;
}

/** What stands in a cell. */
const headOf = ({ first, text }: Step): string => (first === null ? text : `${first}: ${text}`);

function stepView(arch: Architecture, step: Step, proofs: Proofs): Html {
  const { at, since, state, when, reason, citations, layouts } = step;
  const newest = layouts.at(-1);
  const held = layouts.flatMap((id) => proofs[id] ?? []);
  return markup`<li data-at="${at}" data-state="${state}" data-mail="${step.first ?? (step.text === "by layout" ? step.reason : step.text)}"><b>${headOf(step)}</b> <span class="quiet">from Linux ${since} on</span>${when.length === 0 ? "" : markup`<br>Needs ${when.join(", ")}.`}${reason === "" ? "" : markup`<br>${reason}`}${citations.map((citation) => markup`<br>${cited(citation)}`)}${newest === undefined ? "" : markup`<br>${layoutLink(arch, newest)}: ${proofLinks(arch, held)}`}</li>`;
}
