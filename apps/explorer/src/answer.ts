// From a state to what the page says of it. Nothing here knows the page.
import type { ArchBackend, Architecture, Decoded, PagemapEntry } from "@ptekit/core";
import { decodePagemap, meaningOf, PtekitError } from "@ptekit/core";
import { backendOf, targetOf } from "./kernel.ts";
import type { State } from "./link.ts";

/** What the page says: a word's meaning, a pagemap word's, or why there is none. */
export type Answer =
  | { readonly what: "nothing" }
  | { readonly what: "refused"; readonly code: string; readonly sentence: string }
  | WordAnswer
  | { readonly what: "pagemap"; readonly sentence: string; readonly said: PagemapEntry };

/** A PTE, or the PTE of a swp_entry_t, and what it means. */
export interface WordAnswer {
  readonly what: "word";
  readonly backend: ArchBackend;
  readonly said: Decoded;
  readonly sentence: string;
}

/** The answer to a state, of a kernel of that architecture. Never throws. */
export function answerOf(arch: Architecture, state: State): Answer {
  try {
    return answer(arch, state);
  } catch (error) {
    return refusalOf(error);
  }
}

/** What is thrown, as an answer. */
export function refusalOf(error: unknown): Answer {
  const code = error instanceof PtekitError ? error.code : "";
  const message = error instanceof Error ? error.message : String(error);
  return { what: "refused", code, sentence: message.replace(`${code}: `, "") };
}

function answer(arch: Architecture, state: State): Answer {
  if (state.word === "") return { what: "nothing" };
  const word = wordOf(state.word);
  if (state.as === "pagemap") {
    const said = decodePagemap(word, targetOf(state).release);
    return { what: "pagemap", said, sentence: pagemapSentence(said) };
  }
  const backend = backendOf(arch, state);
  const said = backend.decode(state.as === "entry" ? backend.fromSwpEntry(word) : word);
  return { what: "word", backend, said, sentence: meaningOf(backend, said) };
}

function wordOf(text: string): bigint {
  const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text)?.[1];
  if (digits === undefined) {
    throw new PtekitError(
      "BAD_WORD",
      `${JSON.stringify(text)} is no word: words are hexadecimal, as in 0x17c0`,
    );
  }
  return BigInt(`0x${digits}`);
}

function pagemapSentence(said: PagemapEntry): string {
  const { present, swapped, pfn, type, offset } = said;
  const flags = [
    said.fileOrShared ? "file or shared" : "",
    said.exclusive ? "mapped once" : "",
    said.softDirty ? "soft-dirty" : "",
    said.uffdWp ? "uffd-wp" : "",
    said.guard ? "guard region" : "",
  ].filter((flag) => flag !== "");
  const head = present
    ? pfn === 0n
      ? "present; the page frame is hidden from a reader without CAP_SYS_ADMIN"
      : `present, pfn 0x${(pfn ?? 0n).toString(16)}`
    : swapped
      ? `a swap entry: type ${type}, offset 0x${(offset ?? 0n).toString(16)}`
      : "not present, and no swap entry";
  return [head, ...flags].join("; ");
}
