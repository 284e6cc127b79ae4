// The links of a life: #/v1/life/x86_64/7.2/register,write,write-protect,reclaim?vma=shmem&by=bit&step=3
import type { FeatureName, VmaKind } from "@ptekit/uffd-wp";
import { FEATURES, VMA_KINDS } from "@ptekit/uffd-wp";
import type { Grammar } from "../link.ts";
import { any, oneOf, valuesIn, withOptions } from "../link.ts";

/** How the special PTE is made: as merged, as proposed, or both beside each other. */
export type Design = "swap-type" | "bit" | "header-page" | "compare";

export const DESIGNS: readonly Design[] = ["swap-type", "bit", "header-page", "compare"];

/** A life, and which of its steps is looked at. */
export interface LifeState {
  readonly arch: string;
  readonly release: string;
  readonly events: readonly string[];
  readonly vma: VmaKind;
  readonly features: readonly FeatureName[];
  readonly by: Design;
  /** From 1 on; 0 is before anything happened. */
  readonly step: number;
  /** A recorded life: `x86_64-7.2/12`, a file and the number of its sequence; empty where the events are the reader's. */
  readonly recorded: string;
}

export const LIFE_START: LifeState = {
  arch: "x86_64",
  release: "7.2",
  events: ["register", "write", "write-protect", "reclaim", "read", "write"],
  vma: "shmem",
  features: [],
  by: "swap-type",
  step: 1,
  recorded: "",
};

/** The fragment of a life. */
export function lifeFragment(state: LifeState): string {
  const { arch, release, events, vma, features, by, step, recorded } = state;
  const options = [
    ...(vma === "anonymous" ? [] : [`vma=${vma}`]),
    ...features.map((feature) => `feature=${feature}`),
    ...(by === "swap-type" ? [] : [`by=${by}`]),
    ...(step === events.length ? [] : [`step=${step}`]),
    ...(recorded === "" ? [] : [`recorded=${recorded}`]),
  ];
  const path = [arch, release, ...(events.length === 0 ? [] : [events.join(",")])];
  return withOptions(`#/v1/life/${path.map(encoded).join("/")}`, options);
}

/** The life that a fragment means; one to begin with where it is none of ours. */
export function lifeStateOf(fragment: string): LifeState {
  const [, path, query = ""] = /^#\/v1\/life(?:\/([^?]*))?(?:\?(.*))?$/s.exec(fragment) ?? [];
  if (path === undefined || path === "") return LIFE_START;
  const [arch = "", release = "", given = ""] = path.split("/").map(decoded);
  const last = (name: string): string => decoded(valuesIn(query, name).at(-1) ?? "");
  const events = given.split(",").filter((event) => event !== "");
  const step = /^\d+$/.test(last("step")) ? Number(last("step")) : events.length;
  return {
    arch,
    release: release || "latest",
    events,
    vma: VMA_KINDS.find((kind) => kind === last("vma")) ?? "anonymous",
    features: valuesIn(query, "feature").filter((name): name is FeatureName => Object.hasOwn(FEATURES, name)),
    by: DESIGNS.find((design) => design === last("by")) ?? "swap-type",
    step: Math.min(step, events.length),
    recorded: last("recorded"),
  };
}

/** The links of a life. */
export const lifeGrammar: Grammar = {
  form: "#/v1/life/ARCH/RELEASE/EVENT,EVENT",
  path: /^#\/v1\/life(\/[^/]+\/[^/]+(\/[^/]*)?)?$/,
  options: {
    vma: oneOf(VMA_KINDS),
    feature: (name) => Object.hasOwn(FEATURES, name),
    by: oneOf(DESIGNS),
    step: (value) => /^\d+$/.test(value),
    recorded: any,
  },
};

const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%(3A|2C|2B|3D)/g, (code) => decodeURIComponent(code));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
