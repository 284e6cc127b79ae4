import { readFileSync } from "node:fs";
import { EVENT_NAMES, FEATURES, VMA_KINDS } from "@ptekit/uffd-wp";
import { describe, expect, it } from "vitest";
import { x86_64 } from "../../packages/arch/x86_64/src/index.ts";
import { listed } from "./life.ts";
import { sequencesText } from "./life-run.ts";
import { LISTED_ALONE, NOT_CAUSED, randomSequences } from "./sequences.ts";

const backend = x86_64.for({ release: "6.12" });
const known = new Set<string>([...EVENT_NAMES, "migrate"]);

describe("random sequences", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(randomSequences(backend, 7, 60)).toEqual(randomSequences(backend, 7, 60));
    expect(randomSequences(backend, 8, 60)).not.toEqual(randomSequences(backend, 7, 60));
  });

  it("hold events that a program causes, on memory and with features that the release has", () => {
    const sequences = randomSequences(backend, 1, 300);
    const events = sequences.flatMap((sequence) => sequence.events);
    expect(events.length).toBeGreaterThanOrEqual(300);
    expect(events.filter((event) => !known.has(event) || Object.hasOwn(NOT_CAUSED, event))).toEqual([]);
    for (const { vma, features } of sequences) {
      expect(VMA_KINDS).toContain(vma);
      expect(features.filter((name) => !Object.hasOwn(FEATURES, name))).toEqual([]);
    }
    expect(sequences.filter(({ vma }) => vma === LISTED_ALONE.kind)).toEqual([]);
    expect(events).not.toContain(LISTED_ALONE.event);
    // Nothing comes after the memory is gone; munmap() of what is sealed is refused.
    for (const { events: own } of sequences) {
      const before = own.slice(0, own.indexOf("munmap"));
      if (own.includes("munmap") && !before.includes("mseal"))
        expect(own.indexOf("munmap")).toBe(own.length - 1);
    }
  });
});

describe("findings.txt", () => {
  const findings = listed(readFileSync(new URL("findings.txt", import.meta.url), "utf8"));

  it("names events that a program causes, and says why each sequence is there", () => {
    expect(findings.length).toBeGreaterThan(50);
    for (const { vma, features, events, why } of findings) {
      expect(VMA_KINDS).toContain(vma);
      expect(features.filter((name) => !Object.hasOwn(FEATURES, name))).toEqual([]);
      expect(events.filter((event) => !known.has(event) || Object.hasOwn(NOT_CAUSED, event))).toEqual([]);
      expect(why).toMatch(/\S/);
    }
  });

  it("goes to the guest one sequence a line", () => {
    expect(sequencesText(findings.slice(0, 2))).toBe(
      "0 hugetlb - register write write-protect punch-hole write\n1 hugetlb - register write-protect punch-hole\n",
    );
  });
});
