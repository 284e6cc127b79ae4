// /life: what is told of the life of a PTE without a script: lives to follow, and what running kernels do wrong.
import { FINDINGS } from "@ptekit/uffd-wp";
import { LIFE_START, lifeFragment } from "../life/link.ts";
import { cited } from "./cited.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

const LIVES: readonly { readonly name: string; readonly state: Partial<typeof LIFE_START> }[] = [
  { name: "a page of shmem keeps its protection while it is away", state: {} },
  {
    name: "anonymous memory, reclaimed and read back",
    state: { vma: "anonymous", events: ["register", "write", "write-protect", "reclaim", "read", "write"] },
  },
  {
    name: "a guard where the protection was, in the merged design and the proposed one",
    state: {
      arch: "arm64",
      vma: "anonymous",
      features: ["wp-unpopulated"],
      by: "compare",
      events: ["register", "write-protect", "guard-install"],
    },
  },
  {
    name: "a guard on an architecture without uffd-wp",
    state: {
      arch: "arm",
      release: "6.13",
      vma: "anonymous",
      events: ["guard-install", "read", "dontneed", "guard-remove"],
    },
  },
  {
    name: "KSM drops the protection, and the write sends no message",
    state: { vma: "anonymous", events: ["register", "write", "write-protect", "ksm", "write"] },
  },
  {
    name: "a protection that was left behind makes a fault without end",
    state: {
      release: "6.1",
      vma: "hugetlb",
      events: ["register", "write-protect", "close", "read", "write"],
    },
  },
];

/** The content of the page. */
export const lifePage = (): Html => markup`<h2>The life of a PTE</h2>
<p>A page is written, write-protected for userfaultfd, reclaimed, read back: what its page-table entry says after each step, what user space sees, which function of the kernel does it, and which running kernel was seen to do so.</p>
<ul class="examples">${LIVES.map(({ name, state }) => markup`<li><a href="${lifeFragment({ ...LIFE_START, ...state })}">${name}</a></li>`)}</ul>
<div id="life"><p class="unstarted">To follow a life this page needs JavaScript, and a web server to come from. docs/uffd-wp.md has the rules.</p></div>
<section aria-labelledby="findings-title">
<h2 id="findings-title">What running kernels do wrong</h2>
<ul>${FINDINGS.map(({ sentence, releases, shownBy, citation }) => markup`<li>${sentence} <span class="quiet">Seen in ${releases}; life files of ${shownBy.join(", ")}. ${cited(citation)}.</span></li>`)}</ul>
</section>`;
