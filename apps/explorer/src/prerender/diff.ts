// /diff: what moved in each release of each architecture, readable without a script; two kernels of one's own with one.
import type { ArchBackend, Architecture, Move } from "@ptekit/core";
import { historyOf, mainlineReleases, NEWEST_RELEASE, PtekitError, turningPoints } from "@ptekit/core";
import { diffFragment, sideAt } from "../diff/link.ts";
import { cited } from "./cited.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

/** The content of the page with the chooser. */
export function diffPage(archs: readonly Architecture[]): Html {
  return markup`<h2>What moved between two kernels</h2>
<p>Two releases, two architectures, or two configurations: what is not the same, and by which commit or header. Release by release, each with the one before: ${archs.map(({ name }) => markup`<a href="${name}/">${name}</a> `)}</p>
<noscript><p>To compare two kernels of your own needs JavaScript; what moved from release to release does not.</p></noscript>
<div id="diff"></div>`;
}

/** The content of an architecture's page: its history with every default, the newest first. */
export function archDiffPage(arch: Architecture): Html {
  const moves = movesOf(arch).reverse();
  return markup`<h2>${arch.name}: what moved, release by release</h2>
<p>With the defaults of its configuration, up to Linux ${NEWEST_RELEASE}. The layouts themselves: <a href="../../arch/${arch.name}/">${arch.name}</a>.</p>
<p>${moves.map(({ release }) => markup`<a href="#${release}">${release}</a> `)}</p>
${moves.map((move, i) => section(arch, move, moves[i - 1] ?? null, moves[i + 1] ?? null))}`;
}

function section(arch: Architecture, move: Move, newer: Move | null, older: Move | null): Html {
  const { release, before, event, moved, citations } = move;
  const neighbours = [
    ...(newer ? [markup`<a href="#${newer.release}">newer: ${newer.release}</a> `] : []),
    ...(older ? [markup`<a href="#${older.release}">older: ${older.release}</a> `] : []),
    ...(event === "moves" && before
      ? [
          markup`<a href="../${diffFragment({ from: sideAt(arch.name, before), to: sideAt(arch.name, release) })}">both layouts side by side</a>`,
        ]
      : []),
  ];
  return markup`<section id="${release}" aria-labelledby="t-${release}">
<h3 id="t-${release}">${headOf(move)}</h3>
${
  moved.length === 0
    ? ""
    : markup`<div class="scroll" tabindex="0" role="region" aria-label="From ${before ?? ""} to ${release}"><table><thead><tr><th scope="col">what</th><th scope="col">${before ?? ""}</th><th scope="col">${release}</th></tr></thead>
<tbody>${moved.map(({ what, from, to }) => markup`<tr><th scope="row">${what}</th><td>${from}</td><td>${to}</td></tr>`)}</tbody></table></div>`
}
${citations.length === 0 ? "" : markup`<ul>${citations.map((one) => markup`<li>${cited(one)}</li>`)}</ul>`}
<p class="no-print">${neighbours}</p>
</section>
`;
}

function headOf({ release, before, event, layout }: Move): string {
  if (event === "begins") return `${release}: the first that is described, ${layout}`;
  return event === "ends" ? `${release}: the architecture is gone` : `${before} to ${release}: ${layout}`;
}

/** Between two turning points no kernel changes: one answer serves them all. */
function movesOf(arch: Architecture): Move[] {
  const points = turningPoints(arch);
  let now: ArchBackend | null = null;
  const at = (release: string): ArchBackend | null => {
    if (points.includes(release)) now = kernelOrNull(arch, release);
    return now;
  };
  return [...historyOf(mainlineReleases(), at, arch)];
}

function kernelOrNull(arch: Architecture, release: string): ArchBackend | null {
  try {
    return arch.for({ release });
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_LAYOUT") return null;
    throw error;
  }
}
