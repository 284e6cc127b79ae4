import { effect } from "@preact/signals-core";
import { render } from "lit-html";
import { start, take } from "./store.ts";
import { page } from "./view/page.ts";

/** The pages of their own: what makes one answer is loaded when it is read. */
const pages: Readonly<Record<string, () => Promise<{ open(root: HTMLElement): void }>>> = {
  docs: () => import("./pages/docs.ts"),
  diff: () => import("./pages/diff.ts"),
  embed: () => import("./pages/embed.ts"),
  life: () => import("./pages/life.ts"),
  matrix: () => import("./pages/matrix.ts"),
  walk: () => import("./pages/walk.ts"),
  "what-if": () => import("./pages/what-if.ts"),
};

const root = document.getElementById("app");
const its = pages[root?.dataset.page ?? ""];
if (root && its) void its().then(({ open }) => open(root));
else if (root) openFront(root);
// The whole site is kept for when there is no network; a page opened from a file needs no keeping.
if (location.protocol.startsWith("http"))
  navigator.serviceWorker?.register(`${root?.dataset.root ?? "./"}sw.js`);

function openFront(root: HTMLElement): void {
  root.replaceChildren();
  start();
  effect(() => {
    render(page(), root);
  });
  // A file can be dropped anywhere: a browser would leave the page for it.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    event.preventDefault();
    void take(dropped);
  });
}
