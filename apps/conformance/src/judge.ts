import type { FileReport, PropertyReport } from "@ptekit/conformance-kit";
import {
  checkLive,
  checkVectors,
  parseLife,
  parseLive,
  parseVectors,
  runArchProperties,
  runProperties,
  subjectsOf,
} from "@ptekit/conformance-kit";
import type { Architecture } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import type { FileKind, Source } from "./files.ts";
import { checkLife } from "./life.ts";

/** The properties of one backend, or of an architecture as a whole. */
export interface PropertiesResult {
  readonly arch: string;
  /** `arm64 6.10, all that can be selected` */
  readonly subject: string;
  readonly reports: readonly PropertyReport[];
}

/** One file, or why it was not judged. */
export interface FileResult {
  readonly kind: FileKind;
  readonly file: string;
  readonly arch: string;
  /** Null where no backend is there for it, or another architecture was asked for. */
  readonly report: FileReport | null;
  /** Why no backend is there for it; null where one is, or would be. */
  readonly noBackend: string | null;
  /** There is a backend for it, but another architecture was asked for. */
  readonly leftOut: boolean;
}

/** All that a run found. */
export interface Result {
  readonly properties: readonly PropertiesResult[];
  readonly files: readonly FileResult[];
}

/** What a run is about. */
export interface Task {
  /** Judged by the properties. */
  readonly judged: readonly Architecture[];
  /** Judged by the files, where a file is theirs. */
  readonly known: readonly Architecture[];
  /** The architecture that was asked for. */
  readonly only?: string | undefined;
  readonly vectors: readonly Source[];
  readonly live: readonly Source[];
  readonly life: readonly Source[];
  /** Called before each piece of work, with a name for it. */
  readonly progress: (what: string) => void;
}

/**
 * Files and properties, one after the other.
 *
 * @throws PtekitError `BAD_FILE` at the first malformed file.
 */
export function judge({ judged, known, only, vectors, live, life, progress }: Task): Result {
  // Files first: a malformed one is told at once.
  const files = [
    ...vectors.map((source) => {
      progress(source.file);
      const file = parseVectors(source.file, source.text);
      return judgeFile("vectors", file, known, only, (arch) => checkVectors(arch, file));
    }),
    ...live.map((source) => {
      progress(source.file);
      const file = parseLive(source.file, source.text);
      return judgeFile("live", file, known, only, (arch) => checkLive(arch, file));
    }),
    ...life.map((source) => {
      progress(source.file);
      const file = parseLife(source.file, source.text);
      return judgeFile("life", file, known, only, (arch) => checkLife(arch, file));
    }),
  ];
  const properties = judged.flatMap((arch) => judgeProperties(arch, progress));
  return { properties, files };
}

function judgeProperties(arch: Architecture, progress: (what: string) => void): PropertiesResult[] {
  progress(arch.name);
  const whole = { arch: arch.name, subject: "as a whole", reports: runArchProperties(arch) };
  const each = subjectsOf(arch).map(({ label, backend }) => {
    progress(label);
    return { arch: arch.name, subject: label, reports: runProperties(backend) };
  });
  return [whole, ...each];
}

function judgeFile(
  kind: FileKind,
  { file, arch: name }: { readonly file: string; readonly arch: string },
  known: readonly Architecture[],
  only: string | undefined,
  check: (arch: Architecture) => FileReport,
): FileResult {
  const arch = known.find((candidate) => candidate.name === name);
  const leftOut = arch !== undefined && only !== undefined && arch.name !== only;
  const result = { kind, file, arch: name, leftOut };
  if (arch === undefined) return { ...result, report: null, noBackend: `there is no backend for ${name}` };
  if (leftOut) return { ...result, report: null, noBackend: null };
  try {
    return { ...result, report: check(arch), noBackend: null };
  } catch (error) {
    // A release from before the data begins, or after the architecture was removed.
    if (!(error instanceof PtekitError) || error.code !== "NO_LAYOUT") throw error;
    return { ...result, report: null, noBackend: error.message };
  }
}
