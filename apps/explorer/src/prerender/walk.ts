// /walk: the levels of every architecture, readable without a script.
import type { Architecture, Geometry } from "@ptekit/core";
import { namesOf } from "@ptekit/core";
import { WALK_START, walkFragment } from "../walk/link.ts";
import { cited } from "./cited.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

const WALKS: readonly { readonly name: string; readonly state: Partial<typeof WALK_START> }[] = [
  {
    name: "an oops of x86_64",
    state: {
      release: "6.12",
      address: "0xffff88801bf21000",
      entries: {
        pgd: "0x1a05067",
        p4d: "0x1a06067",
        pud: "0x1a09063",
        pmd: "0x37270063",
        pte: "0x800000001bf21161",
      },
    },
  },
  { name: "an address of five levels", state: { address: "0x7f2a12345678", cpu: ["la57"] } },
  { name: "an address of arm64", state: { arch: "arm64", address: "0xffff800010081000" } },
];

/** The content of the page. */
export const walkPage = (
  archs: readonly Architecture[],
): Html => markup`<h2>An address through the levels</h2>
<p>Which bits of an address choose which entry of which table, and where the entries of an oops lead.</p>
<ul class="examples">${WALKS.map(({ name, state }) => markup`<li><a href="${walkFragment({ ...WALK_START, ...state })}">${name}</a></li>`)}</ul>
<div id="walk"><p class="unstarted">To walk this page needs JavaScript, and a web server to come from. The levels themselves are below.</p></div>
<section aria-labelledby="levels-title">
<h2 id="levels-title">The levels of every architecture</h2>
${archs.flatMap((arch) => (arch.geometry === undefined ? [] : [levelsOf(arch, arch.geometry)]))}
</section>`;

const levelsOf = ({ name, title }: Architecture, all: readonly Geometry[]): Html => markup`<details>
<summary>${name}: ${title}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="The levels of ${name}"><table>
<thead><tr><th scope="col">from</th><th scope="col">where</th><th scope="col">levels, with the bits of an address that each takes</th><th scope="col">source</th></tr></thead>
<tbody>${all.map(
  ({ since, when = [], levels, citation }) =>
    markup`<tr><th scope="row">${since}</th><td>${when.join(" ")}</td><td>${levels.map(({ shift, indexBits }, i) => markup`${namesOf(levels, i).join("=")} ${shift + indexBits - 1}:${shift} `)}</td><td>${cited(citation)}</td></tr>`,
)}</tbody>
</table></div>
</details>`;
