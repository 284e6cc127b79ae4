// The bits of a word for a frame in another page: <pte-bits>, and the way to the whole answer.
import { load } from "@ptekit/all";
import { NEWEST_RELEASE } from "@ptekit/core";
import { definePteBits } from "@ptekit/pte-bits";
import { fragmentOf, START, stateOf } from "../link.ts";

/** Makes the page show the word of its link, and follow it. */
export function open(root: HTMLElement): void {
  definePteBits(load);
  const bits = document.createElement("pte-bits");
  const whole = document.createElement("a");
  whole.textContent = "ptekit: the whole answer";
  whole.target = "_blank";
  whole.rel = "noopener";
  const follow = (): void => {
    const state = stateOf(location.hash) ?? START;
    const { arch, release, word } = state;
    bits.setAttribute("arch", arch);
    bits.setAttribute("release", release === "latest" ? NEWEST_RELEASE : release);
    bits.setAttribute("word", word);
    bits.toggleAttribute("editable", true);
    whole.href = `../${fragmentOf(state)}`;
  };
  bits.addEventListener("change", () => {
    const state = stateOf(location.hash) ?? START;
    const next = { ...state, word: bits.getAttribute("word") ?? "" };
    history.replaceState(null, "", fragmentOf(next));
    whole.href = `../${fragmentOf(next)}`;
  });
  addEventListener("hashchange", follow);
  follow();
  const heading = document.createElement("h1");
  heading.append(whole);
  root.replaceChildren(bits, heading);
}
