// /about: what is proven and how, until which release; every number is counted in the repository's files.
import { mainlineReleases, NEWEST_RELEASE } from "@ptekit/core";
import { archJson } from "../../../cli/src/json/arch.ts";
import type { ArchFacts, Facts, Held } from "../../build/about.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

const number = (value: number): string => value.toLocaleString("en");

export function aboutPage({ checked, archs, properties, reports, sizes }: Facts): Html {
  const sum = (of: (one: ArchFacts) => Held, key: "files" | "words"): number =>
    archs.reduce((total, one) => total + of(one)[key], 0);
  const answered = reports.reduce((total, [, count]) => total + count, 0);
  const layouts = archs.reduce((total, { arch }) => total + arch.layouts.length, 0);
  const [vectors, live, life] = [
    (one: ArchFacts) => one.vectors,
    (one: ArchFacts) => one.live,
    (one: ArchFacts) => one.life,
  ] as const;
  return markup`<h2>What is proven, and how</h2>
<p>Compared with the kernel's headers up to Linux <strong>${NEWEST_RELEASE}</strong>${checked === null ? "" : markup`, the last time on <time datetime="${checked}">${checked}</time>`}. ${layouts} layouts of ${archs.length} architectures. Expected words come from the kernel, never from our encoder:</p>
<ul>
<li><strong>${number(sum(vectors, "words"))}</strong> words that the kernel's own macros answered, compiled from its headers, in ${sum(vectors, "files")} files;</li>
<li><strong>${number(sum(live, "words"))}</strong> entries of page tables of running kernels beside their own pagemap, in ${sum(live, "files")} files;</li>
<li><strong>${number(sum(life, "words"))}</strong> steps that running kernels went through with a page, in ${sum(life, "files")} files;</li>
<li><strong>${properties}</strong> named properties, held on every layout; where a kernel breaks one, that is data, proven to occur exactly there.</li>
</ul>
<div class="scroll" tabindex="0" role="region" aria-labelledby="proven"><table>
<caption id="proven">By architecture: files, words and the newest release they are of</caption>
<thead><tr><th scope="col">architecture</th><th scope="col">layouts</th><th scope="col">the kernel's macros</th><th scope="col">running kernels</th><th scope="col">lives</th></tr></thead>
<tbody>${archs.map(({ arch, ...one }) => markup`<tr><th scope="row"><a href="../arch/${arch.name}/">${arch.name}</a></th><td>${arch.layouts.length}</td><td>${heldText(one.vectors)}</td><td>${heldText(one.live)}</td><td>${heldText(one.life)}</td></tr>`)}</tbody>
</table></div>
<details class="archs"><summary>The architectures as JSON</summary><pre tabindex="0">${archs.map(({ arch }) => JSON.stringify(archJson(arch))).join("\n")}</pre></details>
<h2>Reports of others</h2>
<p>${answered} reports of bad entries have the right answer beside them; a test holds that explain gives every one of them. By cause: ${reports.map(([cause, count], i) => `${i === 0 ? "" : ", "}${cause} ${count}`)}.</p>
<h2>Sizes</h2>
<p>After minify and gzip: ${Object.entries(sizes).map(([name, bytes], i) => `${i === 0 ? "" : ", "}@ptekit/${name} ${(bytes / 1000).toFixed(1)} kB`)}. What the page itself costs is in <a href="../docs/page/">its document</a>.</p>`;
}

/** `12 files, 9,120 words, newest 7.3`; a dash where there are none. */
function heldText({ files, words, releases }: Held): string {
  if (files === 0) return "–";
  const newest =
    mainlineReleases()
      .filter((release) => releases.includes(release))
      .at(-1) ?? releases.at(-1);
  return `${files} ${files === 1 ? "file" : "files"}, ${number(words)}, newest ${newest}`;
}
