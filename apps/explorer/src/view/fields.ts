import { PtekitError } from "@ptekit/core";
import type { TemplateResult } from "lit-html";
import { html, nothing } from "lit-html";
import type { WordAnswer } from "../answer.ts";
import type { Editable, Flags } from "../fields.ts";
import { editableOf, wordWith, wordWithFrame } from "../fields.ts";
import { notice, setWord } from "../store.ts";

const FLAGS: Readonly<Record<keyof Flags, string>> = {
  exclusive: "exclusive",
  softDirty: "soft-dirty",
  uffdWp: "uffd-wp",
  young: "young",
  dirty: "dirty",
};

/** The fields of an entry; to change one changes the word. */
export function fieldsView({ backend, said }: WordAnswer): TemplateResult | typeof nothing {
  const fields = editableOf(backend, said);
  if (fields === null) return nothing;
  const { type, offset, flags, frame } = fields;
  const write = (part: Partial<Editable>): void => edit(() => wordWith(backend, { ...fields, ...part }));
  const setFlag = (flag: string, set: boolean): void => {
    const all = { ...flags, [flag]: set };
    edit(() =>
      frame
        ? wordWithFrame(backend, frame.kind, frame.pfn, all)
        : wordWith(backend, { ...fields, flags: all }),
    );
  };
  return html`<fieldset class="inline fields">
    <legend>Fields</legend>
    ${numberView("type", String(type), (value) => write({ type: Number(value) }))}
    ${numberView("offset", `0x${offset.toString(16)}`, (value) => write({ offset: value }))}
    ${
      frame === null
        ? nothing
        : numberView("pfn", `0x${frame.pfn.toString(16)}`, (pfn) =>
            edit(() => wordWithFrame(backend, frame.kind, pfn, flags)),
          )
    }
    ${Object.entries(flags).map(
      ([flag, set]) =>
        html`<label
          ><input
            type="checkbox"
            data-flag=${flag}
            .checked=${set}
            @change=${(event: Event) => setFlag(flag, (event.target as HTMLInputElement).checked)}
          />
          ${FLAGS[flag as keyof Flags]}</label
        >`,
    )}
  </fieldset>`;
}

const numberView = (name: string, value: string, take: (value: bigint) => void): TemplateResult =>
  html`<label>${name} <input id="field-${name}" size=${value.length + 4} spellcheck="false" .value=${value} @change=${onNumber(take)} /></label>`;

/** Writes the word, or says why it cannot be written; what was typed stays. */
function edit(make: () => bigint): void {
  try {
    const word = make();
    notice.value = "";
    setWord(word);
  } catch (error) {
    notice.value = String(error instanceof Error ? error.message : error);
  }
}

function onNumber(take: (value: bigint) => void): (event: Event) => void {
  return (event) => {
    const text = (event.target as HTMLInputElement).value.trim();
    if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) take(BigInt(text));
    else
      notice.value = new PtekitError(
        "BAD_ARGUMENT",
        `${JSON.stringify(text)} is no number: 4660 or 0x1234`,
      ).message;
  };
}
