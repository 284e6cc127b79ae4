import type { ArchBackend, Architecture, Decoded, EntryLevel, Target } from "@ptekit/core";
import { hex, meaningOf, NEWEST_RELEASE, PtekitError, parseConfigText } from "@ptekit/core";
import { isSet, rowsOfBits, runsOf, toggled } from "./runs.ts";
import { STYLE } from "./style.ts";

/** Brings an architecture by its name: `load` of `@ptekit/all`, or a function that knows the few that a page shows. */
export type LoadArchitecture = (name: string) => Promise<Architecture>;

/** What a `change` event of the element carries in `detail`. */
export interface ChangeDetail {
  /** The word, at full width: `0x00000000000017c8`. */
  readonly word: string;
  /** What it says, as `decode()` gives it. */
  readonly said: Decoded;
}

/** What of a kernel decides something: another one of these is another kernel. */
const OF_KERNEL = ["arch", "release", "config", "cpu", "backports", "level"];

/** How many bits stand in a row: so many that a finger meets one. */
const inRowAt = (width: number): number => (width > 0 && width < NARROW ? 8 : 16);
const NARROW = 480;

/**
 * Defines the element, and gives its class. Nothing is touched before: the module can be imported where there is no document.
 *
 * Its attributes: `arch`, `release` (default: the newest compared), `config` (`CONFIG_X=y CONFIG_Y=n`), `cpu`, `backports`
 * (names with blanks between them), `level` (`pte`, `pmd` or `pud`), `word` (hexadecimal), `editable`: the bits are switches
 * then, and each change sends a `change` event with a {@link ChangeDetail}. What cannot be read is said in its place.
 *
 * @param name default: `pte-bits`.
 * @throws PtekitError `BAD_ARGUMENT` where `load` is no function, or there are no custom elements.
 */
export function definePteBits(load: LoadArchitecture, name = "pte-bits"): CustomElementConstructor {
  if (typeof load !== "function")
    throw new PtekitError(
      "BAD_ARGUMENT",
      "definePteBits takes what loads an architecture: load of @ptekit/all",
    );
  if (typeof customElements === "undefined")
    throw new PtekitError(
      "BAD_ARGUMENT",
      "there are no custom elements here: define <pte-bits> in a browser",
    );
  const known = customElements.get(name);
  if (known) return known;
  const made = elementClass(load);
  customElements.define(name, made);
  return made;
}

function elementClass(load: LoadArchitecture): CustomElementConstructor {
  return class extends HTMLElement {
    static readonly observedAttributes = [...OF_KERNEL, "word", "editable"];
    #backend: ArchBackend | null = null;
    /** The bit that Tab reaches. */
    #current = 0;
    #inRow = 16;
    /** Of several that are asked for, the last one counts. */
    #asked = 0;
    readonly #root: ShadowRoot = this.attachShadow({ mode: "open" });

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      this.#root.adoptedStyleSheets = [sheet];
      this.#root.addEventListener("keydown", (event) => this.#onKey(event as KeyboardEvent));
      this.#root.addEventListener("click", (event) => {
        const bit = (event.target as HTMLElement).closest<HTMLElement>("button[data-bit]")?.dataset.bit;
        if (bit !== undefined) this.#toggle(Number(bit));
      });
      new ResizeObserver(() => {
        const inRow = inRowAt(this.clientWidth);
        if (inRow === this.#inRow) return;
        this.#inRow = inRow;
        this.#draw();
      }).observe(this);
    }

    connectedCallback(): void {
      void this.#read();
    }

    attributeChangedCallback(attribute: string): void {
      if (!this.isConnected) return;
      if (OF_KERNEL.includes(attribute)) void this.#read();
      else this.#draw();
    }

    async #read(): Promise<void> {
      const asked = ++this.#asked;
      this.#backend = null;
      try {
        const arch = await load(this.getAttribute("arch") ?? "");
        if (asked !== this.#asked) return;
        this.#backend = this.#backendOf(arch);
        this.#draw();
      } catch (error) {
        if (asked === this.#asked) this.#refuse(error);
      }
    }

    #backendOf(arch: Architecture): ArchBackend {
      const text = (name: string): string => this.getAttribute(name)?.trim() ?? "";
      const several = (name: string): string[] => text(name).split(/\s+/).filter(Boolean);
      const target: Target = {
        release: text("release") || NEWEST_RELEASE,
        config: Object.fromEntries(parseConfigText(several("config").join("\n"))),
        cpu: several("cpu"),
        backports: several("backports"),
      };
      const level = text("level") || "pte";
      const backend = arch.for(target).at(level as EntryLevel);
      if (backend) return backend;
      throw new PtekitError("NO_LAYOUT", `${arch.name}: no entry of level ${level} is a swap entry here`);
    }

    #refuse(error: unknown): void {
      this.#root.replaceChildren(
        element(
          "p",
          { class: "refused", role: "status" },
          error instanceof Error ? error.message : String(error),
        ),
      );
    }

    #draw(): void {
      const backend = this.#backend;
      if (backend === null) return;
      try {
        const said = backend.decode(wordOf(this.getAttribute("word") ?? ""));
        const focused = this.#root.activeElement !== null;
        this.#root.replaceChildren(...this.#content(backend, said));
        if (focused) this.#focus();
      } catch (error) {
        this.#refuse(error);
      }
    }

    #content(backend: ArchBackend, said: Decoded): HTMLElement[] {
      const bits = backend.layout.pteBits;
      const editable = this.hasAttribute("editable");
      const runs = runsOf(backend, said);
      const sentence = meaningOf(backend, said);
      this.#current = Math.min(this.#current, bits - 1);
      const rows = rowsOfBits(bits, this.#inRow).map((row) => {
        const [top = 0, bottom = 0] = [row[0], row.at(-1)];
        const names = runs
          .filter(({ high, low }) => high >= bottom && low <= top)
          .map((run) => {
            const [high, low] = [Math.min(run.high, top), Math.max(run.low, bottom)];
            const count = high - low + 1;
            const fits = run.name.length * 0.62 <= count * 1.6;
            const field = element("span", {
              class: `field k-${run.kind}`,
              title: run.name,
              "aria-hidden": "true",
            });
            field.textContent = fits ? run.name : run.letter;
            field.style.gridColumn = `${top - high + 1} / span ${count}`;
            return field;
          });
        const cells = row.map((bit) => {
          const run = runs.find(({ high, low }) => bit <= high && bit >= low);
          return this.#cell(bit, isSet(said.pte, bit), run?.name ?? "nothing", run?.kind ?? "none", editable);
        });
        return element("div", { class: `row in-${this.#inRow}` }, ...names, ...cells);
      });
      const word = hex(said.pte, bits);
      const about = editable
        ? { role: "group", "aria-label": "The bits of the word" }
        : { role: "img", "aria-label": `${word}: ${sentence}` };
      return [
        element("p", { class: "says", "aria-live": "polite" }, element("code", {}, word), ` ${sentence}`),
        element("div", { class: "bits", ...about }, ...rows),
        element("p", { class: "quiet" }, `${backend.layout.id} · Linux ${backend.kernel.release}`),
      ];
    }

    #cell(bit: number, set: boolean, name: string, kind: string, editable: boolean): HTMLElement {
      const parts = [element("span", { class: "number" }, String(bit)), element("span", {}, set ? "1" : "0")];
      if (!editable) return element("span", { class: `bit k-${kind}${set ? " set" : ""}` }, ...parts);
      const label = `bit ${bit}, ${name}`;
      return element(
        "button",
        {
          type: "button",
          class: `bit k-${kind}${set ? " set" : ""}`,
          role: "switch",
          "data-bit": String(bit),
          "aria-checked": String(set),
          "aria-label": label,
          title: label,
          tabindex: bit === this.#current ? "0" : "-1",
        },
        ...parts,
      );
    }

    #toggle(bit: number): void {
      const backend = this.#backend;
      if (backend === null) return;
      this.#current = bit;
      const word = toggled(wordOf(this.getAttribute("word") ?? ""), bit);
      const text = hex(word, backend.layout.pteBits);
      this.setAttribute("word", text);
      const detail: ChangeDetail = { word: text, said: backend.decode(word) };
      this.dispatchEvent(new CustomEvent("change", { detail, bubbles: true, composed: true }));
    }

    /** Arrow keys go from bit to bit and from row to row; Home and End to the ends of the word. */
    #onKey(event: KeyboardEvent): void {
      const bits = this.#backend?.layout.pteBits ?? 0;
      const steps: Readonly<Record<string, number>> = {
        ArrowLeft: this.#current + 1,
        ArrowRight: this.#current - 1,
        ArrowUp: this.#current + this.#inRow,
        ArrowDown: this.#current - this.#inRow,
        Home: bits - 1,
        End: 0,
      };
      const target = steps[event.key];
      if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!this.hasAttribute("editable")) return;
      event.preventDefault();
      if (target < 0 || target >= bits) return;
      this.#root.querySelector(`[data-bit="${this.#current}"]`)?.setAttribute("tabindex", "-1");
      this.#current = target;
      this.#focus();
    }

    #focus(): void {
      const cell = this.#root.querySelector<HTMLElement>(`[data-bit="${this.#current}"]`);
      cell?.setAttribute("tabindex", "0");
      cell?.focus();
    }
  };
}

function wordOf(text: string): bigint {
  const digits = /^\s*(?:0x)?([0-9a-f]+(?:_[0-9a-f]+)*)\s*$/i.exec(text)?.[1];
  if (digits === undefined) {
    throw new PtekitError(
      "BAD_WORD",
      `${JSON.stringify(text)} is no word: words are hexadecimal, as in 0x17c0`,
    );
  }
  return BigInt(`0x${digits.replaceAll("_", "")}`);
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly (Node | string)[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}
