// Every state of the page is a link: #/v1/ARCH/RELEASE/WORD?as=entry&config=CONFIG_X=y&cpu=la57&backport=l1tf
// The grammar is public, and old links work for ever: links.json holds some of each version, and a test opens them all.
import type { ConfigObject, EntryLevel, WordReading } from "@ptekit/core";
import { ENTRY_LEVELS, parseConfigValue } from "@ptekit/core";

/** The pages that have links of their own: `#/v1/matrix/…`. No architecture is called so. */
const PAGES = ["matrix", "diff", "what-if", "life", "walk", "docs"];

/** How a word is read. */
export type Reading = WordReading;

export const READINGS: readonly Reading[] = ["pte", "entry", "pagemap"];

/** Which kernel is meant, and a word of it. */
export interface State {
  /** A name or alias of an architecture, or an empty text where none is chosen. */
  readonly arch: string;
  /** A release as people have it, or `latest`. */
  readonly release: string;
  /** Hexadecimal digits as typed, without blanks; an empty text where there is no word. */
  readonly word: string;
  readonly as: Reading;
  /** The level of the page table that the word is of. */
  readonly level: EntryLevel;
  readonly config: ConfigObject;
  readonly cpu: readonly string[];
  readonly backports: readonly string[];
  /** A log, in the link only where somebody asked for that. */
  readonly log: string;
}

export const START: State = {
  arch: "x86_64",
  release: "latest",
  word: "",
  as: "pte",
  level: "pte",
  config: {},
  cpu: [],
  backports: [],
  log: "",
};

/** The fragment of a state: `#/v1/x86_64/6.12/0x17c0`. What is as at the start is left out behind the question mark. */
export function fragmentOf(state: State): string {
  const { arch, release, word, as, level, config, cpu, backports, log } = state;
  const path = [arch === "" ? "-" : arch, release, ...(word === "" ? [] : [word])].map(encode).join("/");
  const options = [
    ...(as === "pte" ? [] : [`as=${as}`]),
    ...(level === "pte" ? [] : [`level=${level}`]),
    ...Object.entries(config).map(([name, value]) => `config=${encode(name)}=${encode(String(value))}`),
    ...cpu.map((name) => `cpu=${encode(name)}`),
    ...backports.map((name) => `backport=${encode(name)}`),
    ...(log === "" ? [] : [`log=${encode(log)}`]),
  ];
  return withOptions(`#/v1/${path}`, options);
}

/** The state that a fragment means; null where it is none of ours. What it does not say is as at the start. */
export function stateOf(fragment: string): State | null {
  const [, path = "", query = ""] = /^#\/v1\/([^?]*)(?:\?(.*))?$/s.exec(fragment) ?? [];
  const [arch, release = START.release, word = "", ...more] = path.split("/").map(decode);
  if (arch === undefined || arch === "" || PAGES.includes(arch) || more.length > 0) return null;
  const valuesOf = (name: string): string[] => valuesIn(query, name);
  const as = READINGS.find((reading) => reading === valuesOf("as").at(-1)) ?? START.as;
  const level = ENTRY_LEVELS.find((known) => known === valuesOf("level").at(-1)) ?? START.level;
  return {
    arch: arch === "-" ? "" : arch,
    release: release === "" ? START.release : release,
    word,
    as,
    level,
    config: Object.fromEntries(valuesOf("config").flatMap(configEntry)),
    cpu: valuesOf("cpu"),
    backports: valuesOf("backport"),
    log: valuesOf("log").at(-1) ?? "",
  };
}

/** What a page reads of a link: its form, in words; whether a fragment is one; and each option with what it may be. */
export interface Grammar {
  readonly form: string;
  readonly path: RegExp | ((fragment: string) => boolean);
  readonly options: Readonly<Record<string, (value: string) => boolean>>;
}

/** What of a link is not read, in a sentence; null where all of it is. */
export function unreadOf(fragment: string, { form, path, options }: Grammar = WORD): string | null {
  // Places in the page are no links to a state.
  if (!fragment.startsWith("#/")) return null;
  const [head = "", query = ""] = fragment.split(/\?(.*)/s);
  const isOurs = typeof path === "function" ? path(fragment) : path.test(head);
  if (!isOurs) return `This page does not read the link ${shortened(fragment)}: it reads ${form}.`;
  const unread = query.split("&").filter((option) => {
    const [name = "", value = ""] = option.split(/=(.*)/s);
    return option !== "" && !(Object.hasOwn(options, name) && options[name]?.(decode(value)));
  });
  return unread.length === 0 ? null : `Of this link is not read: ${shortened(unread.join(", "))}.`;
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** An option that may say anything. */
export const any = (): boolean => true;

/** An option that is one of some. */
export const oneOf =
  (values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value);

/** A Kconfig symbol with a value. */
export const isConfigEntry = (value: string): boolean => configEntry(value).length > 0;

/** The links of this page. */
const WORD: Grammar = {
  form: "#/v1/ARCH/RELEASE/WORD",
  path: (fragment) => stateOf(fragment) !== null,
  options: {
    as: oneOf(READINGS),
    level: oneOf(ENTRY_LEVELS),
    config: isConfigEntry,
    cpu: any,
    backport: any,
    log: any,
  },
};

/** A Kconfig symbol and its value, from `CONFIG_X=y`; none where it is none. */
export function configEntry(text: string): [string, ConfigObject[string]][] {
  const [name = "", value = ""] = text.split("=");
  const parsed = parseConfigValue(value);
  return parsed === null || name === "" ? [] : [[name, parsed]];
}

/** The values of an option behind the question mark. */
export const valuesIn = (query: string, name: string): string[] =>
  query
    .split("&")
    .flatMap((option) => (option.startsWith(`${name}=`) ? [decode(option.slice(name.length + 1))] : []));

/** A fragment with what stands behind its question mark. */
export const withOptions = (path: string, options: readonly string[]): string =>
  options.length === 0 ? path : `${path}?${options.join("&")}`;

/** A text as it stands in a fragment: what may stand there as it is stays readable. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%(3A|40|2C|2B)/g, (code) => decodeURIComponent(code));

/** The text that stands in a fragment. A broken escape stands as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
