import { signal } from "@preact/signals-core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import { cancel, perform } from "../work/client.ts";
import type { TaskName, Tasks } from "../work/protocol.ts";

/** How many of a long answer are drawn at once: the others when they are asked for. */
const PIECE = 50;

/** What came of a task so far. */
interface Found<Name extends TaskName> {
  readonly all: readonly Tasks[Name]["one"][];
  readonly end: Tasks[Name]["end"] | null;
  /** Null while it is done; then an empty text, or why it could not be done to its end. */
  readonly ended: string | null;
}

/** A task of the worker, as a view follows it. */
export interface Following<Name extends TaskName> {
  readonly found: Found<Name>;
  /** What is drawn of all. */
  readonly shown: readonly Tasks[Name]["one"][];
  /** What has more of it drawn; nothing where all of it is. `what` names them: `reports`. */
  more(what: string): TemplateResult | typeof nothing;
  /** Ends the task; what came of it stays. */
  stop(): void;
}

/** Has the worker do a task, once for the same key; another key ends it. The view is drawn again with what comes. */
export function following<Name extends TaskName>(
  name: Name,
): (key: readonly unknown[], asks: () => Tasks[Name]["asks"]) => Following<Name> {
  const nothingYet: Found<Name> = { all: [], end: null, ended: null };
  const found = signal(nothingYet);
  const count = signal(PIECE);
  let asked: readonly unknown[] = [];
  return (key, asks) => {
    if (key.length !== asked.length || key.some((part, i) => part !== asked[i])) {
      asked = key;
      // A view does not change what it reads.
      queueMicrotask(() => {
        found.value = nothingYet;
        count.value = PIECE;
        perform(name, asks(), (part) => {
          const before = found.peek();
          if (part.what === "some") found.value = { ...before, all: [...before.all, ...part.some] };
          else if (part.what === "end") found.value = { ...before, end: part.end, ended: "" };
          else found.value = { ...before, ended: part.sentence };
        });
      });
    }
    const { all } = found.value;
    const shown = all.slice(0, count.value);
    return {
      found: found.value,
      shown,
      stop() {
        cancel();
        found.value = { ...found.peek(), ended: "The reading was stopped." };
      },
      more: (what) =>
        shown.length === all.length
          ? nothing
          : html`<p class="more">
              <button type="button" @click=${() => {
                count.value += PIECE;
              }}>Show ${Math.min(PIECE, all.length - shown.length)} more</button>
              <span class="quiet">${shown.length} of ${all.length} ${what} are shown.</span>
            </p>`,
    };
  };
}
