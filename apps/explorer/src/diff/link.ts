// What is compared is a link: #/v1/diff/arm64@6.9/arm64@6.10,CONFIG_ARM64_64K_PAGES=y,cpu=lpa2
import type { Grammar, State } from "../link.ts";
import { configEntry, decode, encode, isConfigEntry, START } from "../link.ts";

/** One side of a comparison: a kernel. */
export type Side = Pick<State, "arch" | "release" | "config" | "cpu" | "backports">;

/** What is compared. */
export interface Sides {
  readonly from: Side;
  readonly to: Side;
}

/** A kernel without settings. */
export const sideAt = (arch: string, release: string): Side => ({
  arch,
  release,
  config: {},
  cpu: [],
  backports: [],
});

/** The fragment of a comparison. */
export const diffFragment = ({ from, to }: Sides): string => `#/v1/diff/${sideText(from)}/${sideText(to)}`;

/** What a fragment compares; null where it is none of ours. */
export function sidesOf(fragment: string): Sides | null {
  const [, from = "", to = ""] = /^#\/v1\/diff\/([^/]+)\/([^/]+)$/.exec(fragment) ?? [];
  const [first, second] = [sideOf(from), sideOf(to)];
  return first && second ? { from: first, to: second } : null;
}

/** `arm64@6.10,CONFIG_ARM64_64K_PAGES=y,cpu=lpa2`, as it stands in a fragment. */
export function sideText({ arch, release, config, cpu, backports }: Side): string {
  const settings = [
    ...Object.entries(config).map(([name, value]) => `${encode(name)}=${encode(String(value))}`),
    ...cpu.map((name) => `cpu=${encode(name)}`),
    ...backports.map((name) => `backport=${encode(name)}`),
  ];
  return [`${encode(arch)}@${encode(release)}`, ...settings].join(",");
}

/** A side from its text; null where it is none. */
export function sideOf(text: string): Side | null {
  const [kernel = "", ...settings] = text.split(",");
  const [, arch = "", release = ""] = /^([^@]+)@(.*)$/.exec(kernel) ?? [];
  if (arch === "") return null;
  const named = (key: string): string[] =>
    settings.flatMap((one) => (one.startsWith(`${key}=`) ? [decode(one.slice(key.length + 1))] : []));
  return {
    arch: decode(arch),
    release: decode(release) || START.release,
    config: Object.fromEntries(
      settings.filter((one) => one.startsWith("CONFIG_")).flatMap((one) => configEntry(decode(one))),
    ),
    cpu: named("cpu"),
    backports: named("backport"),
  };
}

/** Whether every setting of a side is one. */
export const isSide = (text: string): boolean =>
  sideOf(text) !== null &&
  text
    .split(",")
    .slice(1)
    .every(
      (one) => /^(cpu|backport)=./.test(one) || (one.startsWith("CONFIG_") && isConfigEntry(decode(one))),
    );

/** The links of a comparison. */
export const diffGrammar: Grammar = {
  form: "#/v1/diff/ARCH@RELEASE/ARCH@RELEASE,CONFIG_X=y,cpu=NAME",
  path: (fragment) => {
    const sides = /^#\/v1\/diff\/([^/]+)\/([^/]+)$/.exec(fragment)?.slice(1) ?? [];
    return sides.length === 2 && sides.every(isSide);
  },
  options: {},
};
