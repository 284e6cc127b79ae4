// /arch/NAME: every layout of an architecture by release, readable without a script, one sheet of paper each.
import type { ArchBackend, Architecture, Layout, PresentLayout } from "@ptekit/core";
import {
  capacityOf,
  diagram,
  legend,
  predicateText,
  presentRulerRows,
  ruler,
  targetOfLayout,
} from "@ptekit/core";
import type { Proof } from "../proof.ts";
import { cited } from "./cited.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";
import { anchorOf } from "./proofs.ts";

/** The content of an architecture's page. */
export function archPage(arch: Architecture, proof: Readonly<Record<string, readonly Proof[]>>): Html {
  return markup`<h2>${arch.name}: ${arch.title}</h2>
<p>What Linux keeps in a page-table entry that is not present. The kernel's side is <code>${arch.header}</code>.</p>
<div class="scroll"><table>
<caption>Layouts, the newest first</caption>
<thead><tr><th scope="col">layout</th><th scope="col">from</th><th scope="col">where</th><th scope="col">PTE bits</th></tr></thead>
<tbody>${arch.layouts.map(
    (layout) =>
      markup`<tr><th scope="row"><a href="#${idOf(layout)}">${layout.id}</a></th><td>${sinceOf(layout)}</td><td>${(layout.when ?? []).join(" ")}</td><td>${layout.pteBits}</td></tr>`,
  )}</tbody>
</table></div>
${arch.layouts.map((layout) => layoutSection(arch, layout, proof[layout.id] ?? []))}`;
}

const idOf = ({ id }: { readonly id: string }): string => anchorOf(id);

const sinceOf = ({ since, backported = [], until }: Layout): string =>
  [
    since,
    ...backported.map(({ vendor, release }) => (vendor ? `${vendor} ${release}` : release)),
    ...(until === undefined ? [] : [`until ${until}`]),
  ].join(", ");

function layoutSection(arch: Architecture, layout: Layout, proofs: readonly Proof[]): Html {
  const backend = arch.for(targetOfLayout(arch, layout, "on"));
  const shown = backend.layout;
  return markup`<section class="layout" id="${idOf(layout)}" aria-labelledby="${idOf(layout)}-title">
<h2 id="${idOf(layout)}-title">${layout.id}</h2>
<p class="quiet">From ${sinceOf(layout)}${(layout.when ?? []).length > 0 ? `; where ${(layout.when ?? []).join(" and ")}` : ""}.</p>
<pre>${diagram(shown)}</pre>
<ul>${legend(shown).map((line) => markup`<li>${line}</li>`)}</ul>
<dl><dt>pte_present()</dt><dd><code>${predicateText(shown.present, shown.pteBits)}</code></dd>
<dt>pte_none()</dt><dd><code>${predicateText(shown.none, shown.pteBits)}</code></dd></dl>
${limits(backend)}
${layout.note === undefined ? "" : markup`<p>Note: ${layout.note}.</p>`}
${layout.uncertain === undefined ? "" : markup`<p>Not certain: ${layout.uncertain}.</p>`}
${(layout.exceptions ?? []).map((entry) => markup`<p>Exception to “${entry.property}”: ${entry.reason} (${cited(entry.citation)}).</p>`)}
<p>Source: ${cited(layout.citation)}.</p>
<p class="quiet">${proofs.length === 0 ? "Read from the kernel's headers; no vectors hold it." : `Held by ${proofs.map(({ file, release }) => `${file} (Linux ${release})`).join(", ")}.`}</p>
${backend.present ? presentPart(backend.present, shown.pteBits) : ""}
</section>
`;
}

function presentPart(present: PresentLayout, bits: 32 | 64): Html {
  return markup`<h3>The present PTE</h3>
<pre>${ruler(presentRulerRows(present), bits)}</pre>
<ul>${present.fields.map(({ high, low, kind, name }) => markup`<li>${high === low ? `bit ${high}` : `bits ${high}:${low}`}: ${kind === "free" ? `free${name === "" ? "" : `, ${name}`}` : name}</li>`)}</ul>
<p>Source: ${cited(present.citation)}.</p>`;
}

function limits({ layout, types, kernel }: ArchBackend): Html {
  const { swapFiles, types: count, offsetBits, maxPhysicalAddress } = capacityOf(layout, types, kernel);
  return markup`<p>${count} swap types, ${swapFiles} of them left for swap files; ${offsetBits} bits of offset; the highest address a migration or device entry can name is 0x${maxPhysicalAddress.toString(16)}.</p>`;
}
