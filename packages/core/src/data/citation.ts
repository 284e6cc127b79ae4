import { PtekitError } from "../errors.ts";
import { given } from "../util/given.ts";

/** Files of a kernel tree, at a release. */
export interface CitedFile {
  readonly kind: "file";
  /** What to look for there, functions with their brackets: `["pmd_present()"]`; empty where the file as a whole is meant. */
  readonly symbols: readonly string[];
  /** `arch/arm/include/asm/pgtable.h` */
  readonly file: string;
  /** The releases in which it was read, as written: `["v5.10", "v6.1"]`. */
  readonly releases: readonly string[];
  /** The file in the last of them, in the kernel's public tree; null before 2.6.11, where that begins, and in a vendor's. */
  readonly link: string | null;
}

/** A commit of the mainline kernel. */
export interface CitedCommit {
  readonly kind: "commit";
  /** At least twelve hex digits. */
  readonly commit: string;
  /** Null where the data does not say it. */
  readonly subject: string | null;
  /** The first release that has it: `v6.3`. */
  readonly release: string;
  readonly link: string;
}

/** A message of a mailing list. */
export interface CitedMessage {
  readonly kind: "message";
  /** Its Message-ID, without the angle brackets. */
  readonly id: string;
  readonly link: string;
}

/** A patch that was posted, and not merged in that form. */
export interface CitedPatch {
  readonly kind: "patch";
  /** `PATCH v5 05/26` */
  readonly series: string;
  readonly subject: string;
  /** `15 Jul 2021` */
  readonly date: string;
  /** A search for it in the lists' archive. */
  readonly link: string;
}

/** The configuration of a distribution's kernels. */
export interface CitedConfig {
  readonly kind: "config";
  /** `Debian's /boot/config of that flavour` */
  readonly config: string;
  readonly releases: readonly string[];
  readonly link: null;
}

/** A manual of the hardware. */
export interface CitedManual {
  readonly kind: "manual";
  /** `Intel SDM 3A` */
  readonly manual: string;
  /** `4.5` */
  readonly section: string;
  readonly link: null;
}

/** One source that a citation names. */
export type CitedSource = CitedFile | CitedCommit | CitedMessage | CitedPatch | CitedConfig | CitedManual;

/** A citation taken apart. */
export interface Citation {
  /** As it stands in the data. */
  readonly text: string;
  /** At least one. */
  readonly sources: readonly CitedSource[];
  /** What is said beside them; null where nothing is. */
  readonly remark: string | null;
}

/** `v6.12`, `v5.7-rc1`, a vendor's `v3.10.0-514.el7`. */
const RELEASE = String.raw`v\d+\.\d+(?:\.\d+){0,2}(?:-\w+(?:[.+~-]\w+)*)?`;
const RELEASES = `${RELEASE}(?:(?:, ${RELEASE})* and ${RELEASE})?`;
const SYMBOL = String.raw`[A-Za-z_]\w*(?:\(\))?`;
const SYMBOLS = `${SYMBOL}(?:(?:, ${SYMBOL})* and ${SYMBOL})?`;
const FOLDERS =
  "arch|block|certs|configs|crypto|Documentation|drivers|fs|include|init|io_uring|ipc|kernel|lib|mm|net|rust|samples|scripts|security|sound|tools|usr|virt";
const PATH = String.raw`(?:${FOLDERS})/(?:[\w.+-]+/)*(?:[\w+-][\w.+-]*\.(?:c|h|S|config|rst|txt|tbl|lds|sh|py|dts|dtsi|rs)|(?:Kconfig|Makefile|Kbuild)(?:\.[\w-]+)?)(?![\w./-])`;
/** A file, and what to look for in it. */
const FILE = `(?:(?<names>${SYMBOLS}) in )?(?<path>${PATH})`;
const FILES = `${FILE}(?: and ${FILE})*`.replaceAll(/\(\?<\w+>/g, "(?:");
const MANUALS =
  "Intel SDM|AMD APM|Arm ARM|RISC-V Privileged|Power ISA|LoongArch Reference Manual|z/Architecture Principles of Operation";

/** Each kind of source: how it is written, and what it means. */
const forms: readonly [
  form: RegExp,
  read: (part: Readonly<Record<string, string | undefined>>) => CitedSource[],
][] = [
  [
    form(String.raw`(?:See )?(?<files>${FILES}) \(as of Linux (?<releases>${RELEASES})\)`),
    ({ files = "", releases = "" }) => {
      let symbols: readonly string[] = [];
      return [...files.matchAll(new RegExp(FILE, "g"))].map(({ groups: { names = "", path = "" } = {} }) => {
        if (names !== "") symbols = listed(names);
        const link = fileLink(path, listed(releases).at(-1) as string);
        return { kind: "file", symbols, file: path, releases: listed(releases), link };
      });
    },
  ],
  [
    form(
      String.raw`Linux kernel commit (?<commit>[0-9a-f]{12,40})(?: \("(?<subject>[^\n]+?)"\))? \(in (?<release>${RELEASE})\)`,
    ),
    ({ commit = "", subject = null, release = "" }) => [
      { kind: "commit", commit, subject, release, link: `https://git.kernel.org/linus/${commit}` },
    ],
  ],
  [
    form(String.raw`<(?<id>[^<>@\s]+@[^<>@\s]+)>`),
    ({ id = "" }) => [{ kind: "message", id, link: `https://lore.kernel.org/r/${encodeURIComponent(id)}` }],
  ],
  [
    form(
      String.raw`\[(?<series>(?:RFC )?PATCH(?: v\d+)?(?: \d+/\d+)?)\] "(?<subject>[^"\n]+)", (?<date>\d{1,2} [A-Z][a-z]{2} \d{4})`,
    ),
    ({ series = "", subject = "", date = "" }) => [
      {
        kind: "patch",
        series,
        subject,
        date,
        link: `https://lore.kernel.org/all/?q=${encodeURIComponent(`s:"${subject}"`)}`,
      },
    ],
  ],
  [
    form(
      String.raw`(?<config>[A-Z]\w+'s /boot/config(?: of that flavour)?) \(as of Linux (?<releases>${RELEASES})\)`,
    ),
    ({ config = "", releases = "" }) => [{ kind: "config", config, releases: listed(releases), link: null }],
  ],
  [
    form(String.raw`(?<manual>(?:${MANUALS})[^,;:\n]*), (?<section>(?:[A-Z]\d*|\d+)(?:[.-]\w+)*)`),
    ({ manual = "", section = "" }) => [{ kind: "manual", manual, section, link: null }],
  ],
];

function form(source: string): RegExp {
  return new RegExp(source, "y");
}

const listed = (text: string): string[] => (text === "" ? [] : text.split(/, | and /));

/** The tree of the stable releases has the tags of all, but no vendor's. */
function fileLink(file: string, release: string): string | null {
  if (/-(?!rc\d+$)/.test(release)) return null;
  const [major = 0, minor = 0, patch = 0] = release.slice(1).split(/[.-]/).map(Number);
  if (major < 2 || (major === 2 && (minor < 6 || (minor === 6 && patch < 11)))) return null;
  return `https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/${file}?h=${release}`;
}

/**
 * A citation taken apart: its sources, each with a link where it has one, and the remark beside them.
 *
 * Sources are joined by ` and ` or `; `, and a remark follows after `; ` or `: `. A source is one of
 *
 * - `See pmd_present() in arch/riscv/include/asm/pgtable.h (as of Linux v6.1 and v7.2)`: symbols, the path of a file in the
 *   kernel's tree, and where it was read; several symbols are joined by commas and ` and `, several files by ` and `, each
 *   with symbols of its own or those of the file before it. `See` and the symbols may be missing.
 * - `Linux kernel commit 20aae9eff5ac ("arm/mm: support __HAVE_ARCH_PTE_SWP_EXCLUSIVE") (in v6.3)`
 * - `<20210714222117.47648-1-peterx@redhat.com>`: a Message-ID
 * - `[PATCH v5 05/26] "mm/swap: Introduce the idea of special swap ptes", 15 Jul 2021`
 * - `Debian's /boot/config of that flavour (as of Linux v6.1)`
 * - `Intel SDM 3A, 4.5`: a manual of the hardware, and the section
 *
 * @throws PtekitError `BAD_CITATION`, with what is not understood.
 */
export function parseCitation(text: string): Citation {
  if (typeof text !== "string")
    throw new PtekitError("BAD_CITATION", `a citation is a text, not ${given(text)}`);
  const sources: CitedSource[] = [];
  let at = 0;
  for (;;) {
    const found = sourceAt(text, at);
    if (found === null) break;
    sources.push(...found.sources);
    at = found.end;
    const join = /; | and /y;
    join.lastIndex = at;
    const joined = join.exec(text);
    if (joined === null || sourceAt(text, join.lastIndex) === null) break;
    at = join.lastIndex;
  }
  const rest = text.slice(at);
  const remark = /^[;:] (?<remark>\S.*)$/su.exec(rest)?.groups?.remark ?? null;
  if (sources.length === 0 || (rest !== "" && remark === null)) {
    throw new PtekitError(
      "BAD_CITATION",
      `${JSON.stringify(rest)} names no source, as "See F() in arch/A/FILE.h (as of Linux v6.12)" does`,
    );
  }
  return { text, sources, remark };
}

/** What the checks say of a text that is no citation. */
export const UNCITED = "names no file or commit with its release";

/** Whether a text is a citation that {@link parseCitation} understands. */
export function isCitation(text: unknown): text is string {
  try {
    parseCitation(text as string);
    return true;
  } catch {
    return false;
  }
}

function sourceAt(text: string, at: number): { sources: CitedSource[]; end: number } | null {
  for (const [written, read] of forms) {
    written.lastIndex = at;
    const found = written.exec(text);
    if (found) return { sources: read(found.groups ?? {}), end: written.lastIndex };
  }
  return null;
}
