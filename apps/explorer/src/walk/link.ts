// The links of a walk: #/v1/walk/x86_64/6.12/0x7f2a12345678?pgd=0x1a05067&pte=0x800000001bf21161&cpu=la57
import type { ConfigObject, LevelName } from "@ptekit/core";
import { LEVEL_NAMES, parseConfigValue } from "@ptekit/core";
import type { Grammar } from "../link.ts";
import { any, isConfigEntry, valuesIn, withOptions } from "../link.ts";

/** An address, and the entries on its way as far as they are known. */
export interface WalkState {
  readonly arch: string;
  readonly release: string;
  /** Hexadecimal digits after `0x`; an empty text where there is none. */
  readonly address: string;
  /** Physical address of the top table, as `0x1a04000`; an empty text where it is not known. */
  readonly root: string;
  readonly entries: Readonly<Partial<Record<LevelName, string>>>;
  readonly cpu: readonly string[];
  readonly config: ConfigObject;
}

export const WALK_START: WalkState = {
  arch: "x86_64",
  release: "latest",
  address: "",
  root: "",
  entries: {},
  cpu: [],
  config: {},
};

/** The fragment of a walk. */
export function walkFragment({ arch, release, address, root, entries, cpu, config }: WalkState): string {
  const path = [arch, release, ...(address === "" ? [] : [address])].map(encodeURIComponent).join("/");
  return withOptions(`#/v1/walk/${path}`, [
    ...(root === "" ? [] : [`root=${root}`]),
    ...LEVEL_NAMES.flatMap((level) => (entries[level] === undefined ? [] : [`${level}=${entries[level]}`])),
    ...Object.entries(config).map(([name, value]) => `config=${encodeURIComponent(name)}=${value}`),
    ...cpu.map((name) => `cpu=${encodeURIComponent(name)}`),
  ]);
}

/** The walk that a fragment means; one to begin with where it is none of ours. */
export function walkStateOf(fragment: string): WalkState {
  const [, path, query = ""] = /^#\/v1\/walk\/([^?]*)(?:\?(.*))?$/s.exec(fragment) ?? [];
  if (path === undefined) return WALK_START;
  const [arch = "", release = "", address = ""] = path.split("/").map(decoded);
  const entries = LEVEL_NAMES.flatMap((level) => {
    const found = wordOf(decoded(valuesIn(query, level).at(-1) ?? ""));
    return found === null ? [] : [[level, found] as const];
  });
  return {
    arch: arch || WALK_START.arch,
    release: release || WALK_START.release,
    address: wordOf(address) ?? "",
    root: wordOf(decoded(valuesIn(query, "root").at(-1) ?? "")) ?? "",
    entries: Object.fromEntries(entries),
    cpu: valuesIn(query, "cpu").map(decoded),
    config: Object.fromEntries(
      valuesIn(query, "config").flatMap((text): [string, ConfigObject[string]][] => {
        const [name = "", value = ""] = decoded(text).split("=");
        const parsed = parseConfigValue(value);
        return parsed === null ? [] : [[name, parsed]];
      }),
    ),
  };
}

/** The links of a walk. */
export const walkGrammar: Grammar = {
  form: "#/v1/walk/ARCH/RELEASE/ADDRESS?pgd=WORD",
  path: (fragment) => {
    const [, address = ""] = /^#\/v1\/walk\/[^/?]+\/[^/?]+(?:\/([^/?]*))?(?:\?|$)/.exec(fragment) ?? [
      "",
      "?",
    ];
    return address === "" || wordOf(decoded(address)) !== null;
  },
  options: {
    ...Object.fromEntries(
      ["root", ...LEVEL_NAMES].map((level) => [level, (value: string) => wordOf(value) !== null]),
    ),
    cpu: any,
    config: isConfigEntry,
  },
};

/** `0x` and digits; null where a text is no word of 64 bits. */
export function wordOf(text: string): string | null {
  const digits = /^\s*(?:0x)?([0-9a-f]{1,16})\s*$/i.exec(text)?.[1];
  return digits === undefined ? null : `0x${digits.toLowerCase()}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
