// From a state to what the page says of it. Nothing here knows the page.
import type { ArchBackend, Architecture, Decoded, PagemapEntry } from "@ptekit/core";
import {
  decodePagemap,
  entryOf,
  genericEntry,
  genericMeaning,
  hex,
  meaningOf,
  PtekitError,
  pagemapMeaning,
  shortHex,
} from "@ptekit/core";
import { backendOf, targetOf } from "./kernel.ts";
import type { State } from "./link.ts";

/** What the page says: a word's meaning, a pagemap word's, or why there is none. */
export type Answer =
  | { readonly what: "nothing" }
  | { readonly what: "refused"; readonly code: string; readonly sentence: string }
  | WordAnswer
  | { readonly what: "pagemap"; readonly sentence: string; readonly said: PagemapEntry }
  | EntryAnswer;

/** A swp_entry_t that no architecture is given for, or that none of the kernel's PTEs holds. */
export interface EntryAnswer {
  readonly what: "entry";
  readonly sentence: string;
  /** As the command line prints it with --json. */
  readonly said: { readonly swpEntry: string; readonly type: number; readonly offset: string };
}

/** A PTE, or the PTE of a swp_entry_t, and what it means. */
export interface WordAnswer {
  readonly what: "word";
  readonly backend: ArchBackend;
  readonly said: Decoded;
  readonly sentence: string;
}

/** The answer to a state, of a kernel of that architecture; null: of any, where a swp_entry_t is asked about. Never throws. */
export function answerOf(arch: Architecture | null, state: State): Answer {
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

function answer(arch: Architecture | null, state: State): Answer {
  if (state.word === "") return { what: "nothing" };
  const word = wordOf(state.word);
  if (word >> 64n !== 0n) throw new PtekitError("BAD_WORD", `${state.word} needs more than 64 bits`);
  if (state.as === "pagemap") {
    const said = decodePagemap(word, targetOf(state).release);
    return { what: "pagemap", said, sentence: pagemapMeaning(said) };
  }
  if (arch === null) return genericAnswer(word, targetOf(state).release);
  const backend = backendOf(arch, state);
  if (state.as !== "entry") return wordAnswer(backend, backend.decode(word));
  const { swpEntry, type, offset, said, why } = entryOf(backend, word);
  if (said) return wordAnswer(backend, said);
  return {
    what: "entry",
    sentence: `type ${type}, offset ${shortHex(offset)}: ${why}`,
    said: { swpEntry, type, offset: shortHex(offset), ...{ why } },
  };
}

const wordAnswer = (backend: ArchBackend, said: Decoded): WordAnswer => ({
  what: "word",
  backend,
  said,
  sentence: meaningOf(backend, said),
});

function genericAnswer(word: bigint, release: string): EntryAnswer {
  const said = genericEntry(word, null, release);
  const { bits, type, offset } = said;
  const meaning = genericMeaning(said, release);
  const other = genericEntry(word, bits === 64 ? 32 : 64, release);
  const otherwise =
    word >> 32n === 0n
      ? `; on a kernel of ${other.bits} bits: type ${other.type} (${genericMeaning(other, release)}), offset ${shortHex(other.offset)}`
      : "";
  return {
    what: "entry",
    sentence: `type ${type} (${meaning}), offset ${shortHex(offset)}${otherwise}`,
    said: { swpEntry: hex(word, bits), ...{ bits }, type, offset: shortHex(offset), ...{ meaning } },
  };
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
