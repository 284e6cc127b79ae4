import { effect } from "@preact/signals-core";
import { render } from "lit-html";
import { follow, take } from "./store.ts";
import { page } from "./view/page.ts";

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  effect(() => {
    render(page(), root);
  });
}
// A file can be dropped anywhere: a browser would leave the page for it.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  event.preventDefault();
  void take(file);
});
addEventListener("hashchange", follow);
addEventListener("popstate", follow);
// The whole page is kept for when there is no network; a page opened from a file needs no keeping.
if (location.protocol.startsWith("http")) navigator.serviceWorker?.register("./sw.js");
