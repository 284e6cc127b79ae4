import type { PtekitErrorCode } from "../errors.ts";
import { deepFreeze } from "../util/freeze.ts";

/** What an error's code means, and what to do. */
export interface ErrorMeaning {
  readonly meaning: string;
  readonly remedy: string;
}

/** What each code means, and what to do where it comes. For pages and programs that explain errors; no verb reads it. */
export const ERROR_CODES: Readonly<Record<PtekitErrorCode, ErrorMeaning>> = /* @__PURE__ */ deepFreeze({
  BAD_ARGUMENT: {
    meaning: "A value is of the wrong type, negative, or not one of those that are understood.",
    remedy:
      "Give what the sentence names. Words and offsets are bigints (`0x1084n`), types and bit numbers are numbers.",
  },
  BAD_CITATION: {
    meaning: "A text names no source in the form that `parseCitation()` reads.",
    remedy:
      "Write it as the reference of `parseCitation` shows: symbol, file and release, or a commit with its release.",
  },
  BAD_FILE: {
    meaning: "A file cannot be read, is cut off, or does not hold what its format asks for.",
    remedy:
      "The sentence names the file and the place. [File formats](formats.md) describes vector and live files.",
  },
  BAD_LAYOUT: {
    meaning: "An architecture's data is wrong, or a layout cannot be compiled by bulk.",
    remedy:
      "Mend each problem that the sentence lists; `checkArch()` and `checkLayout()` return them as a list.",
  },
  BAD_WORD: {
    meaning: "A PTE or swap entry is not a bigint from 0 on.",
    remedy: "Give it as a bigint: `0x1084n`, `BigInt(text)`.",
  },
  BIT_CLAIMED: {
    meaning: "A bit was asked for that a field, a flag, a constant or hardware has already.",
    remedy: "`spareBits()` lists the free bits, and what taking another would cost.",
  },
  WORD_TOO_WIDE: {
    meaning: "A word has more bits than a PTE of this layout (or than its `swp_entry_t`).",
    remedy: "Check the architecture and the configuration: a 64-bit PTE does not come from a layout of 32.",
  },
  OFFSET_TOO_WIDE: {
    meaning: "The swap offset does not fit into the offset field, or into `swp_entry_t`.",
    remedy: '`maxOffset` is the largest. `{ overflow: "truncate" }` cuts it as the kernel\'s macros would.',
  },
  TYPE_TOO_WIDE: {
    meaning: "The swap type does not fit into the type field.",
    remedy: '`maxType` is the largest. `{ overflow: "truncate" }` cuts it as the kernel\'s macros would.',
  },
  PFN_TOO_WIDE: {
    meaning: "The page frame number does not fit into an entry of that kind, or into the PTE.",
    remedy: "`kernel.pfnBits` says how many bits it may have.",
  },
  NO_SUCH_FLAG: {
    meaning: "The layout has no bit for that flag in this release and configuration.",
    remedy: "Leave the flag out, or target a kernel that has it; `assumed` names the defaults that decided.",
  },
  NO_SUCH_TYPE: {
    meaning: "This release and configuration has no swap type of that name that holds a PFN.",
    remedy: "`types.special` lists those that there are.",
  },
  NO_SUCH_MARKER: {
    meaning: "This release has no PTE marker of that name.",
    remedy: "`types.markers` lists those that there are.",
  },
  NO_MARKER_TYPE: {
    meaning: "This release and configuration has no swap type for PTE markers.",
    remedy: "Target 5.19 or later, with CONFIG_PTE_MARKER before 6.2; or make a special PTE by a bit.",
  },
  NO_SUCH_BIT: {
    meaning: "A bit's number is not one of this PTE, or the bit cannot make a special PTE.",
    remedy:
      "A bit is a whole number from 0 to the PTE's width less one; `spareBits()` says what each is there for.",
  },
  NO_AD_BITS: {
    meaning: "Migration entries of this kernel keep no young or dirty bit.",
    remedy: "Leave `young` and `dirty` out; `kernel.migrationAd` says whether they are kept.",
  },
  NO_GEOMETRY: {
    meaning: "How page tables are walked is not described for that architecture, release and configuration.",
    remedy: "`geometry` is null where it is not described.",
  },
  NO_VMCOREINFO: {
    meaning: "Neither VMCOREINFO nor a kernel was found in the memory of a dump.",
    remedy:
      "The dump may be cut, encrypted or of a machine without Linux; give VMCOREINFO's text where it is known, or the release: page tables are looked for then.",
  },
  NO_KERNEL: {
    meaning: "What VMCOREINFO says of the kernel does not hold in the memory of a dump.",
    remedy:
      "The sentence names what was looked for; another VMCOREINFO in the memory may be the running kernel's.",
  },
  NO_PRESENT_LAYOUT: {
    meaning:
      "The present PTEs of this architecture and release are not described, or not how user pages are mapped.",
    remedy: "`present` is null where they are not described.",
  },
  NO_UFFD_WP: {
    meaning: "This kernel does not write-protect that memory for userfaultfd.",
    remedy:
      "Target a release, configuration and kind of memory that has it; the sentence names what is missing.",
  },
  IMPOSSIBLE_EVENT: {
    meaning: "That event cannot happen to a page in that state.",
    remedy:
      "The sentence names the rule; `ptekit life` and `run()` accept the events in an order that a kernel could see.",
  },
  NO_LAYOUT: {
    meaning:
      "No layout is described for that release and configuration, or the kernel had dropped the architecture by then.",
    remedy: "The sentence names the releases that are described.",
  },
  UNKNOWN_RELEASE: {
    meaning: "A text is not a kernel release, or one that is not known.",
    remedy: "Give what `uname -r` prints, or a release such as `6.12`.",
  },
  UNKNOWN_OPTION: {
    meaning: "An object has a key, or an option a value, that nobody reads.",
    remedy: "The sentence lists those that are read; a misspelt one would otherwise pass silently.",
  },
  UNKNOWN_CONFIG: {
    meaning:
      "A Kconfig symbol decides nothing on this architecture, has a value that it cannot have, or a line is not one of a .config.",
    remedy: "Give symbols that the sentence names, or the text of a whole .config.",
  },
  UNKNOWN_CPU: {
    meaning: "A CPU feature is not one that decides anything on this architecture.",
    remedy: "The sentence lists those that do.",
  },
  UNKNOWN_BACKPORT: {
    meaning: "A change is not one that this architecture knows as a backport.",
    remedy: "The sentence lists those that it knows.",
  },
  UNKNOWN_ARCH: {
    meaning: "No architecture has that name, or several have it as an alias.",
    remedy: "The sentence names the nearest, or the ones to choose from; `ptekit archs` lists all.",
  },
});
