// What the matrix answers to: a release, filters, two side by side, the table as a mail. The table itself stands in the page.

import { unreadOf } from "../link.ts";
import type { MatrixState } from "../matrix/link.ts";
import { matrixFragment, matrixGrammar, matrixStateOf } from "../matrix/link.ts";
import { mailOf } from "../matrix/mail.ts";
import { copied } from "./copied.ts";

const byId = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

/** Makes the page answer to its controls and links. */
export function open(): void {
  const controls = ["at", "has", "lacks", "one", "other"].map((id) => byId<HTMLSelectElement>(id));
  const [at, has, lacks, one, other] = controls as [
    HTMLSelectElement,
    HTMLSelectElement,
    HTMLSelectElement,
    HTMLSelectElement,
    HTMLSelectElement,
  ];
  const releases = new Map([...at.options].map(({ value, text }) => [text, value]));

  const stateNow = (): MatrixState => ({
    release: at.selectedIndex === 0 ? "latest" : (at.selectedOptions[0]?.text ?? "latest"),
    has: has.value,
    lacks: lacks.value,
    compare: [one.value, other.value].filter((name) => name !== ""),
  });
  const valuesOf = (control: HTMLSelectElement): string[] =>
    [...control.options].map(({ value }) => value).filter((value) => value !== "");
  const grammar = matrixGrammar([...releases.keys()], valuesOf(has), valuesOf(one));
  const follow = (): void => {
    const state = matrixStateOf(location.hash);
    at.value = releases.get(state.release) ?? at.options[0]?.value ?? "";
    has.value = state.has;
    lacks.value = state.lacks;
    one.value = state.compare[0] ?? "";
    other.value = state.compare[1] ?? "";
    // What a link names and the page has not, stands for "every".
    for (const control of controls) if (control.selectedIndex < 0) control.selectedIndex = 0;
    show(Number(at.value), at.selectedOptions[0]?.text ?? "", stateNow());
    const unread = unreadOf(location.hash, grammar);
    if (unread !== null) say(unread);
  };
  for (const control of controls) {
    control.addEventListener("change", () => {
      history.pushState(null, "", matrixFragment(stateNow()));
      follow();
    });
  }
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  byId("link").addEventListener("click", () => {
    void copied(location.href.split("#")[0] + matrixFragment(stateNow()), "The link is copied.").then(say);
  });
  byId("mail").addEventListener("click", () => {
    const shown = `Linux ${at.selectedOptions[0]?.text}`;
    void copied(mailOf(tableShown(), shown), "The table is copied, 80 columns wide.").then(say);
  });
  rove(byId("matrix"));
  byId("filters").querySelector("fieldset")?.removeAttribute("disabled");
  follow();
}

const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The cells are one stop of the Tab key; arrows go from one to the next. */
function rove(table: HTMLElement): void {
  const grid = (): HTMLElement[][] =>
    rows()
      .filter((row) => !row.hidden)
      .map((row) => [...row.querySelectorAll<HTMLElement>("summary")]);
  let current: HTMLElement | undefined;
  const stopAt = (cell: HTMLElement | undefined): void => {
    current?.setAttribute("tabindex", "-1");
    current = cell;
    current?.setAttribute("tabindex", "0");
  };
  for (const cell of table.querySelectorAll("summary")) cell.setAttribute("tabindex", "-1");
  stopAt(grid()[0]?.[0]);
  table.addEventListener("focusin", ({ target }) => {
    if ((target as HTMLElement).matches("summary")) stopAt(target as HTMLElement);
  });
  table.addEventListener("keydown", (event) => {
    const [down, right] = STEPS[event.key] ?? [0, 0];
    const cells = grid();
    const at = cells.findIndex((row) => row.includes(event.target as HTMLElement));
    if ((down === 0 && right === 0) || at < 0) return;
    event.preventDefault();
    const column = (cells[at] ?? []).indexOf(event.target as HTMLElement);
    cells[at + down]?.[column + right]?.focus();
  });
  // A row that is filtered away takes the stop with it.
  addEventListener("shown", () => {
    if (current?.closest("tr")?.hidden) stopAt(grid()[0]?.[0]);
  });
}

const rows = (): HTMLTableRowElement[] => [
  ...byId<HTMLTableElement>("matrix").querySelectorAll<HTMLTableRowElement>("tbody tr"),
];

function say(text: string): void {
  byId("count").textContent = text;
}

/** Every cell as it was in a release, and the rows that are asked for. */
function show(at: number, release: string, { has, lacks, compare }: MatrixState): void {
  byId("shown-release").textContent = release;
  for (const row of rows()) {
    for (const cell of row.querySelectorAll<HTMLElement>("td")) showCell(cell, at);
    const stateOf = (column: string): string =>
      row.querySelector<HTMLElement>(`td[data-column="${column}"]`)?.dataset.state ?? "";
    const isThere = (column: string): boolean => ["yes", "part"].includes(stateOf(column));
    row.hidden =
      (compare.length > 0 && !compare.includes(row.dataset.arch ?? "")) ||
      (has !== "" && !isThere(has)) ||
      (lacks !== "" && (isThere(lacks) || stateOf(lacks) === "unknown" || stateOf(lacks) === "gone"));
  }
  const shown = rows().filter((row) => !row.hidden);
  markDifferences(shown.length === 2 && compare.length === 2 ? shown : []);
  dispatchEvent(new Event("shown"));
  say(`${shown.length} of ${rows().length} architectures.`);
}

/** The newest step that had begun by then is what the cell says. */
function showCell(cell: HTMLElement, at: number): void {
  const step = [...cell.querySelectorAll<HTMLElement>("li")].find((one) => Number(one.dataset.at) <= at);
  const summary = cell.querySelector("summary");
  if (!summary) return;
  summary.textContent = step?.querySelector("b")?.textContent ?? `not described before ${cell.dataset.from}`;
  cell.dataset.state = step?.dataset.state ?? "unknown";
  cell.dataset.mail = step?.dataset.mail ?? "?";
  for (const one of cell.querySelectorAll("li")) {
    if (one === step) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
}

/** Of two rows, the cells that do not say the same. */
function markDifferences(two: readonly HTMLTableRowElement[]): void {
  const [first, second] = two.map((row) => [...row.cells]);
  for (const cell of byId("matrix").querySelectorAll(".differs")) cell.classList.remove("differs");
  for (const [i, cell] of (first ?? []).entries()) {
    const beside = second?.[i];
    if (i === 0 || !beside || textOf(cell) === textOf(beside)) continue;
    cell.classList.add("differs");
    beside.classList.add("differs");
  }
}

const textOf = (cell: HTMLElement): string => cell.querySelector("summary")?.textContent ?? "";

/** The table as it is shown: the head, then the rows; a cell in the few letters of a mail, and whole. */
function tableShown(): { readonly short: string; readonly whole: string }[][] {
  const head = [...byId<HTMLTableElement>("matrix").querySelectorAll<HTMLElement>("thead th")].map(
    (cell) => ({ short: cell.dataset.short ?? "arch", whole: cell.textContent ?? "" }),
  );
  const body = rows()
    .filter((row) => !row.hidden)
    .map((row) => [
      { short: row.dataset.arch ?? "", whole: row.dataset.arch ?? "" },
      ...[...row.querySelectorAll<HTMLElement>("td")].map((cell) => ({
        short: mailText(cell),
        whole: textOf(cell),
      })),
    ]);
  return [head, ...body];
}

function mailText({ dataset: { state, mail = "" } }: HTMLElement): string {
  if (state === "yes") return mail;
  if (state === "part") return `${mail}*`;
  return { no: "-", written: "w", gone: "gone" }[state ?? ""] ?? "?";
}
