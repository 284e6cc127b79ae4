// What the page of differences answers to: two kernels, chosen or in the link.
import { effect, signal } from "@preact/signals-core";
import type { Architecture, Change, Move } from "@ptekit/core";
import { diagram } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing, render } from "lit-html";
import { diffJson } from "../../../cli/src/json/diff.ts";
import type { Comparison } from "../diff/compare.ts";
import { compare } from "../diff/compare.ts";
import type { Side, Sides } from "../diff/link.ts";
import { diffFragment, diffGrammar, sideAt, sidesOf, sideText } from "../diff/link.ts";
import { architectureOf } from "../kernel.ts";
import { START, unreadOf } from "../link.ts";
import { wrapped } from "../matrix/mail.ts";
import { citationView } from "../view/citation.ts";
import { jsonNamed, jsonView } from "../view/json.ts";
import { kernelView } from "../view/kernel.ts";
import { copied } from "./copied.ts";
import { mailTable } from "./mail-table.ts";

/** What stands there at first: PTE_PRESENT_INVALID took a bit, and type and offset moved. */
const EXAMPLE: Sides = { from: sideAt("arm64", "6.9"), to: sideAt("arm64", "6.10") };

const sides = signal<Sides>(sidesOf(location.hash) ?? EXAMPLE);
const notice = signal(unreadOf(location.hash, diffGrammar) ?? "");
/** What was found for the sides: their architectures, and what moved or why nothing can be said. */
const found = signal<{
  readonly archs: readonly [Architecture | null, Architecture | null];
  readonly comparison: Comparison | null;
  readonly refused: string;
} | null>(null);

/** Makes the page answer. */
export function open(): void {
  const root = document.getElementById("diff");
  if (!root) return;
  effect(() => void look(sides.value));
  effect(() => {
    render(view(), root);
  });
  const follow = (): void => {
    sides.value = sidesOf(location.hash) ?? EXAMPLE;
    notice.value = unreadOf(location.hash, diffGrammar) ?? "";
  };
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
}

function change(part: Partial<Sides>): void {
  sides.value = { ...sides.value, ...part };
  notice.value = "";
  history.replaceState(null, "", diffFragment(sides.value));
}

async function look(wanted: Sides): Promise<void> {
  const { from, to } = wanted;
  const archs: [Architecture | null, Architecture | null] = [null, null];
  let comparison: Comparison | null = null;
  let refused = "";
  try {
    const [a, b] = await Promise.all([from, to].map(async (side) => architectureOf({ ...START, ...side })));
    archs[0] = a ?? null;
    archs[1] = b ?? null;
    if (a && b) comparison = compare(a, from, b, to);
  } catch (error) {
    refused = error instanceof Error ? error.message : String(error);
  }
  if (sides.peek() === wanted) found.value = { archs, comparison, refused };
}

function view(): TemplateResult {
  const { from, to } = sides.value;
  const { archs, comparison, refused } = found.value ?? {
    archs: [null, null],
    comparison: null,
    refused: "",
  };
  return html`<form @submit=${(event: Event) => event.preventDefault()}>
      ${sideView("from", "One kernel", from, archs[0])} ${sideView("to", "The other", to, archs[1])}
      <p class="share">
        <button type="button" id="turn" @click=${() => change({ from: to, to: from })}>Turn round</button>
        <button type="button" id="mail" ?disabled=${comparison === null} @click=${() => void copyMail(comparison)}>Copy as a mail</button>
        <button type="button" id="link" @click=${() => void copyLink()}>Copy the link</button>
      </p>
    </form>
    <p role="status" class="notice" ?hidden=${notice.value === ""}>${notice.value}</p>
    <section aria-label="The answer">
      <output id="sentence" aria-live="polite" class=${refused === "" ? "" : "refused"}>${refused || sentenceOf(comparison)}</output>
      ${comparison === null ? nothing : comparisonView(comparison)}
    </section>`;
}

function sideView(key: "from" | "to", legend: string, side: Side, arch: Architecture | null): TemplateResult {
  const chooser = {
    prefix: `${key}-`,
    change: (part: Partial<Side>) => change({ [key]: { ...side, ...part } }),
  };
  return html`<fieldset>
    <legend>${legend}</legend>
    ${kernelView(arch, { ...START, ...side }, false, chooser)}
  </fieldset>`;
}

function sentenceOf(comparison: Comparison | null): string {
  if (comparison === null) return "Reading.";
  const { from, to, moved } = comparison;
  const count =
    moved.length === 0 ? "nothing moved" : `${moved.length} ${moved.length === 1 ? "thing" : "things"} moved`;
  return `From ${from.arch} ${from.kernel.release} to ${to.arch} ${to.kernel.release} ${count}.`;
}

function comparisonView({ from, to, moved, citations, moves }: Comparison): TemplateResult {
  return html`${moved.length === 0 ? nothing : changesView(moved, "What moved")}
    ${citations.length === 0 ? nothing : html`<h2>Where it is written</h2><ul>${citations.map((one) => html`<li>${citationView(one)}</li>`)}</ul>`}
    ${moves.length === 0 ? nothing : html`<h2>Release by release</h2>${moves.map(moveView)}`}
    ${jsonView(diffJson(from, to, moved))}
    ${
      moves.length === 0
        ? nothing
        : html`<div class="moves">${jsonNamed(
            "Release by release, as JSON",
            moves.map((move) => ({ arch: to.arch, ...move })),
          )}</div>`
    }
    <div class="beside">${[from, to].map(
      (side) =>
        html`<div><h2>${side.layout.id}</h2><p class="quiet">${side.arch}, Linux ${side.kernel.release}</p><pre tabindex="0">${diagram(side.layout)}</pre>
          ${side.assumed.length === 0 ? nothing : html`<ul class="assumed" aria-label="What was assumed">${side.assumed.map((sentence) => html`<li>assumed: ${sentence}</li>`)}</ul>`}</div>`,
    )}</div>`;
}

function changesView(moved: readonly Change[], caption: string): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}><table>
    <caption>${caption}</caption>
    <thead><tr><th scope="col">what</th><th scope="col">from</th><th scope="col">to</th></tr></thead>
    <tbody>${moved.map(({ what, from, to }) => html`<tr><th scope="row">${what}</th><td>${from}</td><td>${to}</td></tr>`)}</tbody>
  </table></div>`;
}

function moveView({ before, release, event, moved, citations }: Move): TemplateResult {
  return html`<details>
    <summary>${release}: ${event === "moves" ? moved.map(({ what }) => what).join(", ") : event}</summary>
    ${moved.length === 0 ? nothing : changesView(moved, `From ${before} to ${release}`)}
    <ul>${citations.map((one) => html`<li>${citationView(one)}</li>`)}</ul>
  </details>`;
}

async function copyLink(): Promise<void> {
  const link = location.href.split("#")[0] + diffFragment(sides.value);
  notice.value = await copied(link, "The link is copied.");
}

async function copyMail(comparison: Comparison | null): Promise<void> {
  if (comparison === null) return;
  const { from, to } = sides.value;
  const text = [
    ...wrapped(`${decodeURIComponent(sideText(from))} -> ${decodeURIComponent(sideText(to))}`, "  "),
    "",
    ...mailTable(comparison.moved.map(({ what, from: was, to: is }) => [what, was, is])),
    "",
    ...comparison.citations.flatMap((one) => wrapped(one, "  ")),
    "",
  ].join("\n");
  notice.value = await copied(text, "What moved is copied, 80 columns wide.");
}
