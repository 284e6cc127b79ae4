// What the page of prices answers to: a kernel, a flag, and the bit that it would have.

import { effect, signal } from "@preact/signals-core";
import { load, names } from "@ptekit/all";
import type { ArchBackend, Architecture, FlagName } from "@ptekit/core";
import {
  diagram,
  emptyPte,
  FLAG_NAMES,
  freePresentBits,
  HEADER_PAGE_COSTS,
  hex,
  isKept,
  isUnfinished,
  priceOf,
  runsText,
  targetsAt,
} from "@ptekit/core";
import { runsOf } from "@ptekit/pte-bits";
import type { TemplateResult } from "lit-html";
import { html, nothing, render } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { priceJson } from "../../../cli/src/json/price.ts";
import type { Side } from "../diff/link.ts";
import { sideAt } from "../diff/link.ts";
import { architectureOf, targetOf } from "../kernel.ts";
import { fragmentOf, START, unreadOf } from "../link.ts";
import { bitsInRow } from "../store.ts";
import { bitsView } from "../view/bits.ts";
import { citationView } from "../view/citation.ts";
import { jsonView } from "../view/json.ts";
import { kernelView } from "../view/kernel.ts";
import { moreView } from "../view/more.ts";
import type { Question } from "../what-if/link.ts";
import { questionOf, whatIfFragment, whatIfGrammar } from "../what-if/link.ts";
import type { Outcome } from "../what-if/outcome.ts";
import { cheapestOf, claimAt, designsOf, FLAG_TITLES, outcomeOf } from "../what-if/outcome.ts";
import { copied } from "./copied.ts";

const EXAMPLE: Question = { kernel: sideAt("riscv", "6.12"), use: "uffdWp", bit: null };

const question = signal<Question>(questionOf(location.hash) ?? EXAMPLE);
const current = signal(0);
const notice = signal(unreadOf(location.hash, whatIfGrammar) ?? "");
/** The kernel that is meant, or why there is none. */
const found = signal<{ arch: Architecture | null; backend: ArchBackend | null; refused: string }>({
  arch: null,
  backend: null,
  refused: "",
});
/** Every layout of the release that the table is of; null before it is asked for. */
const everywhere = signal<{ release: string; backends: readonly ArchBackend[] } | null>(null);

/** Makes the page answer. */
export function open(): void {
  const root = document.getElementById("what-if");
  if (!root) return;
  effect(() => void look(question.value.kernel));
  effect(() => {
    render(view(), root);
  });
  const follow = (): void => {
    question.value = questionOf(location.hash) ?? EXAMPLE;
    notice.value = unreadOf(location.hash, whatIfGrammar) ?? "";
  };
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
}

function ask(part: Partial<Question>): void {
  question.value = { ...question.value, ...part };
  notice.value = "";
  history.replaceState(null, "", whatIfFragment(question.value));
}

let asked: Side | null = null;

async function look(kernel: Side): Promise<void> {
  if (kernel === asked) return;
  asked = kernel;
  let arch: Architecture | null = null;
  let backend: ArchBackend | null = null;
  let refused = "";
  try {
    arch = await architectureOf({ ...START, ...kernel });
    backend = arch.for(targetOf({ ...START, ...kernel }));
  } catch (error) {
    refused = error instanceof Error ? error.message : String(error);
  }
  if (asked === kernel) found.value = { arch, backend, refused };
}

function view(): TemplateResult {
  const { kernel, use, bit } = question.value;
  const { arch, backend, refused } = found.value;
  const chooser = {
    prefix: "if-",
    change: (part: Partial<Side>) => ask({ kernel: { ...kernel, ...part }, bit: null }),
  };
  return html`<form @submit=${(event: Event) => event.preventDefault()}>
      ${kernelView(arch, { ...START, ...kernel }, false, chooser)}
      <p class="share">
        <label>A bit for <select id="use" @change=${(event: Event) => ask({ use: (event.target as HTMLSelectElement).value as FlagName })}>
          ${FLAG_NAMES.map((name) => html`<option value=${name} ?selected=${name === use}>${FLAG_TITLES[name]}</option>`)}
        </select></label>
        <button type="button" id="link" @click=${() => void copyLink()}>Copy the link</button>
      </p>
    </form>
    <p role="status" class="notice" ?hidden=${notice.value === ""}>${notice.value}</p>
    <section aria-label="The price">
      <output id="sentence" aria-live="polite" class=${refused === "" ? "" : "refused"}>${refused || (backend === null ? "Reading." : sentenceOf(backend, use, bit))}</output>
      ${backend === null ? nothing : priceView(backend, use, bit)}
    </section>
    ${backend === null ? nothing : html`${designsView(backend)} ${everywhereView(backend, use, bit)}`}`;
}

function sentenceOf(backend: ArchBackend, use: FlagName, bit: number | null): string {
  if (bit === null) {
    const { bit: least, how } = cheapestOf(backend, use);
    const name = FLAG_TITLES[use];
    if (how === "its own") return `${backend.layout.id} has ${name} already, in bit ${least}.`;
    return least === null
      ? `No bit can be had for ${name}.`
      : `The cheapest for ${name}: bit ${least}, ${how}. Press a bit to see its price.`;
  }
  const outcome = outcomeOrRefusal(backend, bit, use);
  if (typeof outcome === "string") return `${outcome}.`;
  if (outcome.refusedBy !== null) return `Bit ${bit} is the type's, and the kernel's build refuses that.`;
  if (outcome.from === "free") return `Bit ${bit} is free: it costs nothing.`;
  return `Bit ${bit} would be taken from the ${outcome.from}.`;
}

function outcomeOrRefusal(backend: ArchBackend, bit: number, use: FlagName): Outcome | string {
  try {
    return outcomeOf(backend, bit, use);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^[A-Z_]+: /, "") : String(error);
  }
}

function priceView(backend: ArchBackend, use: FlagName, bit: number | null): TemplateResult {
  const bits = backend.layout.pteBits;
  const outcome = bit === null ? null : outcomeOrRefusal(backend, bit, use);
  return html`${bitsView({
    word: bit === null ? 0n : 1n << BigInt(bit),
    bits,
    inRow: bitsInRow.value,
    runs: runsOf(backend, backend.decode(emptyPte(backend.layout))),
    current: Math.min(current.value, bits - 1),
    toggle: (one) => {
      current.value = one;
      ask({ bit: one === bit ? null : one });
    },
    move: (one) => {
      current.value = one;
      document.getElementById(`bit-${one}`)?.focus();
    },
  })}
    ${outcome === null || typeof outcome === "string" ? nothing : html`${outcomeView(outcome)} ${checksView(backend, outcome.bit, use)}`} ${presentView(backend)}`;
}

function outcomeView({ made, moved, refusedBy }: Outcome): TemplateResult {
  return html`${refusedBy === null ? nothing : html`<p class="question">Refused by the build: ${refusedBy}.</p>`}
    ${
      moved.length === 0
        ? html`<p>Nothing that the kernel has room for changes.</p>`
        : html`<table>
            <caption>The price</caption>
            <thead><tr><th scope="col">what</th><th scope="col">now</th><th scope="col">then</th></tr></thead>
            <tbody>${moved.map(([what, was, is]) => html`<tr><th scope="row">${what}</th><td>${was}</td><td>${is}</td></tr>`)}</tbody>
          </table>`
    }
    <details><summary>The layout as it would be</summary><pre tabindex="0">${diagram(made.layout)}</pre></details>`;
}

/** The properties take their time: they are asked when that is opened. */
const checksView = (backend: ArchBackend, bit: number, use: FlagName): unknown =>
  keyed(
    backend,
    moreView("checks", "What the build checks and the properties say", `${bit} ${use}`, async (place) =>
      (await import("../what-if/checks.ts")).drawChecks(place, backend, bit, use),
    ),
  );

/** A flag of a mapped page needs its bit there too. */
function presentView({ present }: ArchBackend): TemplateResult {
  if (present === null) return html`<p>Its present PTE is not described.</p>`;
  const free = freePresentBits(present);
  const kept = free.filter((bit) => isKept(present, bit));
  return html`<p>In the present PTE, where such a flag needs a bit too: ${free.length === 0 ? "no software bit is free" : `free is ${runsText(free)}; pte_modify() keeps ${kept.length === 0 ? "none of them, _PAGE_CHG_MASK would have to" : runsText(kept)}`}.
    ${(present.maybe ?? []).map(({ high, low, condition }) => html`${high === low ? `Bit ${high}` : `Bits ${high}:${low}`} might be, on a condition: ${condition}. `)}</p>`;
}

/** The argument of 2021 on this kernel: three words that are no slot, and what each takes. */
function designsView(backend: ArchBackend): TemplateResult {
  const { arch, kernel, layout } = backend;
  const wordLink = (word: string): string =>
    `../${fragmentOf({ ...START, arch, release: kernel.release, word })}`;
  return html`<section aria-labelledby="argument-title"><h2 id="argument-title">The argument: how to make a special PTE</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Three designs"><table id="designs">
      <caption>On ${layout.id}, Linux ${kernel.release}</caption>
      <thead><tr><th scope="col">design</th><th scope="col">the PTE</th><th scope="col">takes</th><th scope="col">this kernel reads the word as</th></tr></thead>
      <tbody>${designsOf(backend).map(({ title, by, pte, takes, reads }) => html`<tr><th scope="row">${title}<br><span class="quiet">${by}</span></th><td>${pte === null ? "none yet" : html`<a href=${wordLink(hex(pte, layout.pteBits))}><code>${hex(pte, layout.pteBits)}</code></a>`}</td><td>${takes}</td><td>${reads}</td></tr>`)}</tbody>
    </table></div>
    <details><summary>What type 1 with offset 0 costs elsewhere</summary>
      <ul>${HEADER_PAGE_COSTS.map(({ sentence, citation }) => html`<li>${sentence} (${citationView(citation)})</li>`)}</ul></details></section>`;
}

function everywhereView(backend: ArchBackend, use: FlagName, bit: number | null): TemplateResult {
  const { release } = backend.kernel;
  const all = everywhere.value?.release === release ? everywhere.value.backends : null;
  return html`<section aria-labelledby="all-title"><h2 id="all-title">The price on every layout</h2>
    ${
      all === null
        ? html`<p><button type="button" id="all" @click=${() => void lookEverywhere(release)}>Ask every architecture at Linux ${release}</button></p>`
        : tableOfAll(all, use, bit)
    }</section>`;
}

function tableOfAll(all: readonly ArchBackend[], use: FlagName, bit: number | null): TemplateResult {
  const rows = all.map((one) => ({ one, least: cheapestOf(one, use) }));
  const count = (how: string): number => rows.filter(({ least }) => least.how === how).length;
  return html`<p id="totals">Of ${rows.length} layouts ${count("its own")} have ${FLAG_TITLES[use]}, ${count("free")} have a free bit for it, ${count("from the offset")} would take it from the offset, ${count("from the type")} from the type, and ${count("none can be had")} can have none.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Every layout"><table>
      <thead><tr><th scope="col">layout</th><th scope="col">the cheapest bit</th><th scope="col">costs</th><th scope="col">free in the present PTE</th>${bit === null ? nothing : html`<th scope="col">bit ${bit} there</th>`}</tr></thead>
      <tbody>${rows.map(({ one, least }) => html`<tr><th scope="row">${one.layout.id}</th><td>${least.bit === null ? "none" : `${least.bit}, ${least.how}`}</td><td>${least.cost}</td><td>${one.present ? runsText(freePresentBits(one.present)) : "not described"}</td>${bit === null ? nothing : html`<td>${claimAt(one, bit)}</td>`}</tr>`)}</tbody>
    </table></div>
    ${jsonView(...all.map((one) => priceJson(priceOf(one))))}`;
}

async function lookEverywhere(release: string): Promise<void> {
  const archs = await Promise.all(names.map((name) => load(name)));
  const backends = archs
    .filter((arch) => !isUnfinished(arch))
    .flatMap((arch) => {
      try {
        return targetsAt(arch, release).map((target) => arch.for(target));
      } catch {
        // An architecture that this release has not.
        return [];
      }
    });
  everywhere.value = { release, backends };
}

async function copyLink(): Promise<void> {
  const link = location.href.split("#")[0] + whatIfFragment(question.value);
  notice.value = await copied(link, "The link is copied.");
}
