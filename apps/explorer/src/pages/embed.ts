// The bits of a word for a frame in another page: <pte-bits>, and the way to the whole answer.
import { load } from "@ptekit/all";
import { NEWEST_RELEASE } from "@ptekit/core";
import { definePteBits } from "@ptekit/pte-bits";
import { fragmentOf, START, stateOf, unreadOf } from "../link.ts";

/** Makes the page show the word of its link, and follow it. */
export function open(root: HTMLElement): void {
  definePteBits(load);
  const bits = document.createElement("pte-bits");
  const note = document.createElement("p");
  const whole = document.createElement("a");
  whole.textContent = "ptekit: the whole answer";
  whole.target = "_blank";
  whole.rel = "noopener";
  const follow = (): void => {
    const state = stateOf(location.hash) ?? START;
    const unread =
      state.as === "pte"
        ? unreadOf(location.hash)
        : "A frame shows page-table entries, and reads no other word.";
    note.textContent = unread ?? "";
    note.hidden = unread === null;
    bits.hidden = state.as !== "pte";
    const { arch, release, word, level, config, cpu, backports } = state;
    const says = {
      arch,
      release: release === "latest" ? NEWEST_RELEASE : release,
      config: Object.entries(config)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
      cpu: cpu.join(" "),
      backports: backports.join(" "),
      level,
      word,
      editable: "",
    };
    for (const [name, text] of Object.entries(says)) bits.setAttribute(name, text);
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
  root.replaceChildren(note, bits, heading);
}
