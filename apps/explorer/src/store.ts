// What the page knows, and what changes it. Views read signals; nothing here draws.
import { computed, effect, signal } from "@preact/signals-core";
import type { Architecture } from "@ptekit/core";
import type { Answer } from "./answer.ts";
import { later } from "./later.ts";
import type { State } from "./link.ts";
import { fragmentOf, START, stateOf, unreadOf } from "./link.ts";
import { recognise } from "./recognise.ts";

const KEPT = "ptekit-box";

/** The kernel and the word. */
export const state = signal<State>(stateOf(location.hash) ?? START);
/** What stands in the box, as it was typed. */
export const box = signal<string>(kept() ?? (state.value.log || state.value.word));
/** What that is. */
export const recognised = computed(() => recognise(box.value));
/** The log in the box; null where none stands there. */
export const log = computed<string | null>(() =>
  recognised.value.what === "log" ? recognised.value.text : null,
);
/** The words in the box; null where there are not several. */
export const words = computed<readonly string[] | null>(() =>
  recognised.value.what === "words" ? recognised.value.words : null,
);
/** The bit that the keyboard is at. */
export const currentBit = signal(0);
/** What happened beside an answer: a .config that was taken, a link that was copied. */
export const notice = signal(unreadOf(location.hash) ?? "");

/** What the page says, and of which architecture; null before anything was asked. */
export const answered = signal<{ readonly answer: Answer; readonly arch: Architecture | null } | null>(null);

/** Whether anything was asked: what answers is not loaded before. */
export const isAsked = computed<boolean>(() => {
  const { arch, word } = state.value;
  return (arch !== "" || word !== "") && fragmentOf(state.value) !== fragmentOf(START);
});

const reader = later(
  () => import("./reader.ts"),
  () => refuse("this part of the page could not be loaded: reload the page when there is a network"),
);

/** Answers what is asked. Until an architecture is there, the answer to what was asked before stays. */
function answer(): void {
  const wanted = state.value;
  if (!isAsked.value) return;
  if (wanted.arch === "" && !isOfAny(wanted)) {
    refuse("choose an architecture: a page-table entry means something else on each");
    return;
  }
  const read = reader();
  if (read === null) return;
  const done = (arch: Architecture | null): void => {
    if (state.peek() === wanted) answered.value = { answer: read.answerOf(arch, wanted), arch };
  };
  const failed = (error: unknown): void => {
    if (state.peek() === wanted) answered.value = { answer: read.refusalOf(error), arch: null };
  };
  try {
    const found = wanted.arch === "" ? null : read.architectureOf(wanted);
    if (found instanceof Promise) found.then(done, failed);
    else done(found);
  } catch (error) {
    failed(error);
  }
}

/** A swp_entry_t says something without an architecture, a word of pagemap all it says. */
function isOfAny({ as, word }: State): boolean {
  return as !== "pte" && word !== "";
}

function refuse(sentence: string): void {
  answered.value = { answer: { what: "refused", code: "", sentence }, arch: null };
}

/** Takes what was typed or pasted. */
export function type(text: string): void {
  const { arch, as, word } = state.value;
  const before = log.peek();
  box.value = text;
  notice.value = "";
  files.value = null;
  const found = recognise(text);
  if (found.what === "word") {
    const how = found.as ?? as;
    const needsArch = arch === "" && how === "pte";
    change({ word: found.word, as: how, log: "", arch: needsArch ? START.arch : arch });
  } else if (found.what === "nothing") change({ word: "", log: "" });
  else if (found.what === "words") change({ word: "", log: "", arch: arch || START.arch });
  else if (found.what === "log") {
    // What was chosen for a word or another log, and what the page began with, nobody chose for this one: it says it itself.
    const isOther = before === null ? word !== "" : firstLine(before) !== firstLine(text);
    if (isOther) change({ ...START, arch: "" });
    else change({ word: "", log: "", arch: arch === START.arch ? "" : arch });
  } else if (found.what === "config") void takeConfig(found.text);
}

const firstLine = (text: string): string => text.trimStart().split("\n")[0] ?? "";

/** Changes the state; the link follows. */
export function change(part: Partial<State>): void {
  state.value = { ...state.value, ...part };
}

/** Another word, from a bit or a field: the box follows. */
export function setWord(word: bigint): void {
  const text = `0x${word.toString(16)}`;
  box.value = text;
  change({ word: text, as: "pte" });
}

/** Sets what a .config says: the kernel, and of its symbols those that decide something. The word is in the box again. */
async function takeConfig(text: string): Promise<void> {
  const before = state.value;
  try {
    const { configState } = await import("./reader.ts");
    const { part, sentence } = await configState(text, before);
    if (state.peek() !== before) return;
    box.value = before.word;
    change(part);
    notice.value = sentence;
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error);
  }
}

let written = location.hash;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** The link is always that of the state. What was typed into the box stays in it. */
function writeLink(): void {
  const fragment = fragmentOf(state.value);
  clearTimeout(waiting);
  // A page that nothing was asked of has no link, and one that was not understood stands as it is.
  if (fragment === written || (stateOf(location.hash) === null && fragment === fragmentOf(START))) return;
  // Another kernel is another step back, and is there at once: whoever goes back at once goes back from it.
  if (kernelOf(fragment) !== kernelOf(written)) write("pushState", fragment);
  // Digits typed one after the other are one step. A browser drops what is written too often: they are written at rest.
  else waiting = setTimeout(() => write("replaceState", fragment), 20);
}

function write(way: "pushState" | "replaceState", fragment: string): void {
  written = fragment;
  history[way](null, "", fragment);
}

function kernelOf(fragment: string): string {
  return fragment.split("/").slice(0, 4).join("/");
}

/** Follows a link, or the way back. */
function follow(): void {
  clearTimeout(waiting);
  if (location.hash === written || !/^(#\/|$)/.test(location.hash)) return;
  written = location.hash;
  notice.value = unreadOf(written) ?? "";
  const found = stateOf(location.hash) ?? START;
  state.value = found;
  box.value = found.log || found.word;
}

/** Files that are read where they lie; null where the box says what is asked. */
export const files = signal<readonly File[] | null>(null);

/** What is larger is not put into the box. */
const FITS = 1_000_000;

/** Takes files: a small text goes into the box, a long one, a packed one or a dump is read where it lies. */
export async function take(taken: readonly File[]): Promise<void> {
  const [file] = taken;
  if (file === undefined) return;
  const text = file.size > FITS || taken.length > 1 ? "\0" : await file.text();
  if (text.trim() === "") notice.value = `${file.name} is empty.`;
  else if (/[\0\ufffd]/.test(text)) {
    box.value = "";
    notice.value = "";
    // A log or a dump says its own kernel.
    change({ ...START, arch: "" });
    files.value = taken;
  } else type(text);
}

/** What is in no link (a log, words, what was not understood) stays in this tab when the page is loaded again. */
function keep(): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([location.hash, box.value]));
  } catch {
    // It is too long, or nothing may be kept here.
  }
}

/** Answers from now on, with the link of what is asked. Pages of their own have links of their own. */
export function start(): void {
  effect(answer);
  effect(writeLink);
  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);
  addEventListener("pagehide", keep);
}

/** What stood in the box before this page was loaded again, or come back to; null where it is opened anew. */
function kept(): string | null {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (entry?.type !== "reload" && entry?.type !== "back_forward") return null;
  try {
    const [link, text] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    return link === location.hash && typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}

const narrow = matchMedia("(max-width: 34rem)");
/** How many bits stand in a row: so many that a finger meets one. */
export const bitsInRow = signal(narrow.matches ? 8 : 16);
narrow.addEventListener("change", () => {
  bitsInRow.value = narrow.matches ? 8 : 16;
});
