// The columns of the matrix: what is asked of every architecture, and how a release's answer is told.
import type { Features, FlagName } from "@ptekit/core";
import { runsText } from "@ptekit/core";

/** Whether an architecture has something: on every layout, on some, not; or why that is not asked. */
export type State = "yes" | "part" | "no" | "written" | "gone" | "unknown";

/** What a release says in a column. */
export interface Told {
  readonly state: State;
  /** What stands in the cell; `since` is put before it where the column has one. */
  readonly text: string;
  /** Kconfig symbols and CPU features without which it is not so. */
  readonly when: readonly string[];
  /** The reason, in a sentence; empty where the text says all. */
  readonly reason: string;
  readonly citations: readonly string[];
}

export interface Column {
  readonly id: string;
  readonly title: string;
  /** In a mail: six letters. */
  readonly short: string;
  /** Something that is there or not: the release since when is told, and one can ask for it. */
  readonly isFlag: boolean;
  tell(kernels: readonly Features[]): Told;
}

const AGES = "See SWP_MIG_YOUNG in include/linux/swapops.h (as of Linux v6.1)";

export const columns: readonly Column[] = [
  flag("uffdWp", "uffd-wp", "uffdwp"),
  flag("softDirty", "soft-dirty", "softd."),
  flag("exclusive", "exclusive", "excl."),
  {
    id: "markers",
    title: "PTE markers",
    short: "marker",
    isFlag: true,
    tell(kernels) {
      const found = kernels.flatMap((one) => one.markers);
      const markers = unique(found.map(({ name }) => name));
      const isRead = markers.includes("uffd-wp") && !kernels.some((one) => one.armsUffdWp);
      return {
        ...share(kernels, (one) => one.markers.length > 0),
        text: markers.join(", ") || "no",
        when: [],
        reason: isRead ? "The uffd-wp marker is read, and never made: nothing arms uffd-wp here." : "",
        citations: unique(found.map(({ citation }) => citation)),
      };
    },
  },
  {
    id: "migrationAd",
    title: "young and dirty of migration entries",
    short: "mig-AD",
    isFlag: true,
    tell(kernels) {
      const isOld = kernels.every((one) => one.migrationAd === null);
      const { state } = share(kernels, (one) => one.migrationAd === true);
      return {
        state,
        text: { yes: "kept", part: "kept on some layouts" }[state as "yes"] ?? "not kept",
        when: onlyOn(state, kernels, (one) => one.migrationAd === true),
        reason:
          isOld || state === "yes"
            ? ""
            : "Where the offset has no two bits above the PFN, there is no room for them.",
        citations: isOld ? [] : [AGES],
      };
    },
  },
  {
    id: "pmd",
    title: "migration entries in PMDs",
    short: "PMD",
    isFlag: true,
    tell(kernels) {
      const found = kernels.flatMap(({ pmd }) => pmd ?? []);
      const { state } = share(kernels, (one) => one.pmd !== null);
      return {
        state,
        text: { yes: "yes", part: "on some layouts" }[state as "yes"] ?? "no",
        when: [
          ...unique(found.flatMap(({ when }) => when)),
          ...onlyOn(state, kernels, (one) => one.pmd !== null),
        ],
        reason: "",
        citations: unique(found.map(({ citation }) => citation)),
      };
    },
  },
  bits("free", "free bits of the swap PTE", "free", (one) => one.free),
  bits("freePresent", "free software bits of the present PTE", "free-p", (one) => one.freePresent),
  {
    id: "maxSwapfiles",
    title: "MAX_SWAPFILES",
    short: "files",
    isFlag: false,
    tell(kernels) {
      const counts = kernels.map((one) => one.maxSwapfiles);
      const [least, most] = [Math.min(...counts), Math.max(...counts)];
      const special = kernels.flatMap((one) => one.special);
      const names = unique(special.map(({ name }) => name));
      return {
        state: "yes",
        text: least === most ? `${least}` : `${least} to ${most}`,
        when: [],
        reason: `With everything on that takes a swap type: ${names.join(", ")}.`,
        citations: unique(special.map(({ citation }) => citation)),
      };
    },
  },
];

function flag(name: FlagName, title: string, short: string): Column {
  return {
    id: name,
    title,
    short,
    isFlag: true,
    tell(kernels) {
      const has = (one: Features): boolean => one.flags[name].swap !== null;
      const { state } = share(kernels, has);
      const places = kernels.filter(has).map(({ flags }) => flags[name]);
      const [swap, present] = [
        numbers(places.map((one) => one.swap)),
        numbers(places.map((one) => one.present)),
      ];
      return {
        state,
        text:
          state === "no"
            ? "no"
            : `${bitText(swap)}${present.length === 0 ? "" : `, present ${bitText(present)}`}${state === "part" ? ", on some layouts" : ""}`,
        when: [...unique(places.flatMap(({ when }) => when)), ...onlyOn(state, kernels, has)],
        reason: state === "no" ? whyNot(kernels, name !== "exclusive") : "",
        citations: unique(kernels.filter(has).map(({ citation }) => citation)),
      };
    },
  };
}

/** What stands in the way: nothing writes it; and whether there would be a bit for it. */
function whyNot(kernels: readonly Features[], inPresent: boolean): string {
  const count = (has: (one: Features) => boolean): string => {
    const found = kernels.filter(has).length;
    if (found === kernels.length)
      return kernels.length === 1 ? "there is a free bit" : "every layout has a free bit";
    return found === 0 ? "no bit is free" : `${found} of ${kernels.length} layouts have a free bit`;
  };
  const swap = `In the swap PTE ${count((one) => one.free.length > 0)}`;
  const present = `, in the present PTE ${count((one) => (one.freePresent ?? []).length > 0)}`;
  return `No header of it has it. ${swap}${inPresent ? present : ""}.`;
}

function bits(
  id: string,
  title: string,
  short: string,
  of: (one: Features) => readonly number[] | null,
): Column {
  return {
    id,
    title,
    short,
    isFlag: false,
    tell(kernels) {
      const told = kernels.map((one) => {
        const free = of(one);
        return { one, text: free === null ? "not described" : runsText(free) };
      });
      const groups = unique(told.map(({ text }) => text)).map((text) => ({
        text,
        layouts: told.filter((other) => other.text === text).map(({ one }) => one.layout),
      }));
      const { state } = share(kernels, (one) => (of(one) ?? []).length > 0);
      return {
        state: kernels.every((one) => of(one) === null) ? "unknown" : state,
        text: groups.length > 2 ? "by layout" : groups.map(({ text }) => text).join("; or "),
        when: [],
        reason:
          groups.length === 1
            ? ""
            : `${groups.map(({ text, layouts }) => `${text}: ${layouts.join(", ")}`).join("; ")}.`,
        citations: [],
      };
    },
  };
}

function share(
  kernels: readonly Features[],
  has: (one: Features) => boolean,
): { readonly state: "yes" | "part" | "no" } {
  const found = kernels.filter(has).length;
  return { state: found === 0 ? "no" : found === kernels.length ? "yes" : "part" };
}

/** Where only some layouts have it: which. */
const onlyOn = (state: State, kernels: readonly Features[], has: (one: Features) => boolean): string[] =>
  state === "part"
    ? [
        `only ${kernels
          .filter(has)
          .map(({ layout }) => layout)
          .join(", ")}`,
      ]
    : [];

const bitText = (found: readonly number[]): string =>
  found.length === 1 ? `bit ${found[0]}` : `bit ${found.join(" or ")}`;

const numbers = (found: readonly (number | null)[]): number[] =>
  unique(found.flatMap((bit) => bit ?? [])).sort((a, b) => a - b);

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
