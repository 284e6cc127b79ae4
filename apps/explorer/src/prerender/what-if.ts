// /what-if: what the page says before a script does, and the argument's totals, worked out when the site is built.
import type { Architecture, BitSource, Price } from "@ptekit/core";
import { isUnfinished, NEWEST_RELEASE, priceOf, targetsAt } from "@ptekit/core";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

/** The release that the thread of June 2021 was about. */
const THEN = "5.13";

/** The content of the page. */
export function whatIfPage(archs: readonly Architecture[]): Html {
  return markup`<h2>What if a bit were taken?</h2>
<p>Choose a kernel, press a bit: what a flag there would cost on this layout, and on all.</p>
<noscript><p>To play with a bit needs JavaScript; the totals below do not.</p></noscript>
<div id="what-if" class="tall"></div>
<section aria-labelledby="totals-title"><h2 id="totals-title">One bit, or a swap type</h2>
<p>In June 2021 three ways to make a special PTE were argued: one bit of the swap PTE, a swap type, and type 1 with offset 0. Upstream merged the type, as PTE markers, in 5.19. Over every layout:</p>
${[THEN, NEWEST_RELEASE].map((release) => totals(release, pricesAt(archs, release)))}
</section>`;
}

const pricesAt = (archs: readonly Architecture[], release: string): Price[] =>
  archs
    .filter((arch) => !isUnfinished(arch))
    .flatMap((arch) => targetsAt(arch, release).map((target) => priceOf(arch.for(target))));

function totals(release: string, prices: readonly Price[]): Html {
  const by = (source: BitSource | null): number =>
    prices.filter(({ byBit }) => byBit.source === source).length;
  const fits = prices.filter(({ bySwapType }) => bySwapType.pte !== null).length;
  const fewest = Math.min(...prices.map(({ bySwapType }) => bySwapType.swapFilesAfter));
  const noPresent = prices.filter(({ byBit }) => byBit.presentSource === "none").length;
  return markup`<h3>Linux ${release}: ${prices.length} layouts</h3>
<ul><li>By one bit: ${by("uffd-wp")} have a uffd-wp bit, ${by("free")} a free one, ${by("offset")} must take one from the offset, ${by("type")} from the type, ${by(null)} can have none.</li>
<li>By a swap type: ${fits} hold it; each gives up one swap file, and ${fewest} are left where fewest are.</li>
<li>By type 1 with offset 0: every one has that word; its cost lies elsewhere.</li>
<li>In the present PTE ${noPresent} have no software bit free, where neither design helps.</li></ul>`;
}
