import type { ArchBackend, ArchData, Architecture, Layout, LayoutException, Target } from "@ptekit/core";
import {
  checkArch,
  compareNumbers,
  defineArch,
  hex,
  losesWhatItWrites,
  matches,
  PtekitError,
  parseRelease,
  targetOfLayout,
} from "@ptekit/core";
import type { Property, See } from "./properties.ts";
import { properties } from "./properties.ts";

/** What a property found on one backend. */
export interface PropertyReport {
  readonly property: string;
  readonly cases: number;
  /** Sentences; at most the first ten of them. */
  readonly failures: readonly string[];
  readonly failed: number;
  /** The layout's exceptions to this property, and on how many words each occurred. */
  readonly exceptions: readonly { readonly reason: string; readonly occurred: number }[];
}

/** One backend that an architecture is judged on. */
export interface Subject {
  /** `arm64 6.10, all that can be selected` */
  readonly label: string;
  readonly backend: ArchBackend;
}

const KEPT = 10;

/** Every layout of an architecture, on every level and of every kind of huge page, with all its Kconfig symbols on and with none of the optional ones. */
export function subjectsOf(arch: Architecture): Subject[] {
  return arch.layouts.flatMap((layout) => {
    const subjects = (others: "on" | "off", words: string): Subject[] => {
      const backend = arch.for(targetOfLayout(arch, layout, others));
      return [backend, ...upperOf(backend)].map((one) => ({
        label: `${one.layout.id}, ${words}`,
        backend: one,
      }));
    };
    const on = subjects("on", "all that can be selected");
    const seen = on.map((subject) => entriesOf(subject.backend));
    const off = subjects("off", "nothing optional");
    return [...on, ...off.filter(({ backend }) => !seen.includes(entriesOf(backend)))];
  });
}

/** The levels above that have entries of their own form: most of hugetlbfs's are the PTE's, less a flag. */
const upperOf = (backend: ArchBackend): ArchBackend[] => {
  const own = (backend.layout.hugetlb ?? []).filter(({ fields }) => fields !== undefined);
  const huge = own.flatMap(({ levels }) => levels.flatMap((level) => backend.at(level, "hugetlb") ?? []));
  return [backend.at("pmd", "thp") ?? [], huge].flat();
};

const entriesOf = ({ layout }: ArchBackend): string => {
  const { id, citation, note, uncertain, pmd, hugetlb, when, ...entries } = layout;
  return toText(entries);
};

const toText = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `0x${part.toString(16)}` : part));

/**
 * All properties of a backend, or some. A layout's exceptions must occur where they say, and nowhere else; a verb that
 * throws where it should answer fails the property.
 */
export function runProperties(
  backend: ArchBackend,
  judged: readonly Property[] = properties,
): PropertyReport[] {
  return judged.map((property) => {
    const exceptions = (backend.layout.exceptions ?? []).filter((entry) => entry.property === property.name);
    const occurred = new Map<LayoutException, number>(exceptions.map((entry) => [entry, 0]));
    const failures: string[] = [];
    let cases = 0;
    let failed = 0;
    const fail = (sentence: string): void => {
      failed++;
      if (failures.length < KEPT) failures.push(sentence);
    };
    const see: See = (word, holds, sentence) => {
      cases++;
      const exception = word === null ? undefined : exceptions.find((entry) => matches(entry.words, word));
      const at = word === null ? "" : `${hex(word, backend.layout.pteBits)}: `;
      if (!holds && exception) occurred.set(exception, (occurred.get(exception) ?? 0) + 1);
      else if (!holds) fail(at + sentence());
      else if (exception)
        fail(`${at}an exception is claimed here ("${exception.reason}"), but the property holds`);
    };
    try {
      property.run(backend, see);
    } catch (error) {
      cases++;
      fail(`it throws: ${said(error)}`);
    }
    if (property.readsBack === true && losesWhatItWrites(backend.layout)) {
      const holds = failed === 0;
      failures.length = 0;
      failed = 0;
      if (holds) fail("decode is said to read from another place than encode writes to, but all comes back");
    }
    for (const [exception, times] of occurred) {
      if (times === 0) fail(`the exception "${exception.reason}" never occurs`);
    }
    const reported = [...occurred].map(([{ reason }, times]) => ({ reason, occurred: times }));
    return { property: property.name, cases, failures, failed, exceptions: reported };
  });
}

/** The properties of an architecture as a whole. */
export function runArchProperties(arch: Architecture): PropertyReport[] {
  return [finished(arch), oneLayoutPerTarget(arch), knownExceptions(arch)];
}

/** What an author noted as still to be done, and every part of the data that cites no source. */
function finished(arch: Architecture): PropertyReport {
  const failures = [...(arch.unfinished ?? []), ...checkArch(arch)];
  return {
    property: "nothing is left to fill in",
    cases: 1,
    failures,
    failed: failures.length,
    exceptions: [],
  };
}

/** Turning round the order of layouts of one release must select the same: no two of them fit one target. */
function oneLayoutPerTarget(arch: Architecture): PropertyReport {
  const turned = defineArch({ ...dataOf(arch), layouts: turnRound(arch.layouts) });
  const failures: string[] = [];
  let cases = 0;
  for (const target of arch.layouts.flatMap((layout) => [
    targetOfLayout(arch, layout, "on"),
    targetOfLayout(arch, layout, "off"),
    { release: layout.since },
  ])) {
    cases++;
    const one = idFor(arch, target);
    const other = idFor(turned, target);
    if (one !== other) failures.push(`${one} and ${other} both fit ${JSON.stringify(target)}`);
  }
  for (const layout of arch.layouts) {
    cases++;
    const got = idFor(arch, targetOfLayout(arch, layout, "on"));
    if (got !== layout.id) failures.push(`${layout.id} is not selected by its own conditions, but ${got}`);
  }
  return { property: "one layout per target", cases, failures, failed: failures.length, exceptions: [] };
}

function knownExceptions(arch: Architecture): PropertyReport {
  const names = properties.map((property) => property.name);
  const all = arch.layouts.flatMap(({ exceptions = [], pmd }) => [...exceptions, ...(pmd?.exceptions ?? [])]);
  const failures = all
    .filter((entry) => !names.includes(entry.property))
    .map((entry) => `there is no property "${entry.property}"`);
  return {
    property: "exceptions name a property",
    cases: all.length,
    failures,
    failed: failures.length,
    exceptions: [],
  };
}

function dataOf(arch: Architecture): ArchData {
  const { for: _for, ...data } = arch;
  return data;
}

/**
 * The newest release first, the layouts of each release the other way round. What a vendor's builds alone have stays as
 * it is: a later build has what an earlier one has, and the later row stands first.
 */
function turnRound(layouts: readonly Layout[]): Layout[] {
  const numbers = (since: string): readonly number[] => parseRelease(since).numbers;
  const releases = [...new Set(layouts.map((layout) => layout.since))].sort((a, b) =>
    compareNumbers(numbers(b), numbers(a)),
  );
  return releases.flatMap((since) => {
    const rows = layouts.filter((layout) => layout.since === since);
    const ofAll = rows.filter((layout) => layout.onlyIn === undefined);
    return [...rows.filter((layout) => layout.onlyIn !== undefined), ...ofAll.reverse()];
  });
}

function idFor(arch: Architecture, target: Target): string {
  try {
    return arch.for(target).layout.id;
  } catch (error) {
    return said(error);
  }
}

/** What was thrown, in a line. */
const said = (error: unknown): string =>
  error instanceof Error && !(error instanceof PtekitError) ? error.message : String(error);
