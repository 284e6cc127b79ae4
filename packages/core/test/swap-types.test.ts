import { parseRelease, swapTypes, typeMeaning, typeNumber } from "@ptekit/core";
import { describe, expect, it } from "vitest";

const ALL = ["CONFIG_MEMORY_FAILURE", "CONFIG_MIGRATION", "CONFIG_DEVICE_PRIVATE", "CONFIG_PTE_MARKER"];
const typesOf = (release: string, on: readonly string[] = ALL) =>
  swapTypes(parseRelease(release), (symbol) => on.includes(symbol));
const without = (symbol: string): string[] => ALL.filter((name) => name !== symbol);

describe("swap types", () => {
  // MAX_SWAPFILES with every symbol on, release by release; LTP's tst_max_swapfiles() has the same numbers.
  const steps: [first: string, last: string, max: number][] = [
    ["4.4", "4.13", 29],
    ["4.14", "5.13", 27],
    ["5.14", "5.18", 25],
    ["5.19", "6.1", 22],
    ["6.2", "6.14", 23],
    ["6.15", "7.3", 24],
  ];
  for (const [first, last, max] of steps) {
    it(`MAX_SWAPFILES is ${max} from ${first} to ${last}`, () => {
      expect(typesOf(first).maxSwapfiles).toBe(max);
      expect(typesOf(last).maxSwapfiles).toBe(max);
      expect(typesOf(`${last}.99`).maxSwapfiles).toBe(max);
    });
  }

  // How many types each symbol takes: 5.10, 6.1, 6.12 and 7.2 measured, the others from the bracketing headers.
  const taken: [symbol: string, by: Record<string, number>][] = [
    ["CONFIG_MEMORY_FAILURE", { "4.4": 1, "5.10": 1, "6.1": 1, "6.12": 1, "7.2": 1 }],
    ["CONFIG_MIGRATION", { "4.4": 2, "5.10": 2, "5.18": 2, "5.19": 3, "6.1": 3, "7.2": 3 }],
    [
      "CONFIG_DEVICE_PRIVATE",
      { "4.13": 0, "4.14": 2, "5.13": 2, "5.14": 4, "6.1": 4, "6.14": 4, "6.15": 3, "7.2": 3 },
    ],
    ["CONFIG_PTE_MARKER", { "5.18": 0, "5.19": 1, "6.1": 1, "6.2": 0, "7.2": 0 }],
  ];
  for (const [symbol, by] of taken) {
    for (const [release, count] of Object.entries(by)) {
      it(`${symbol} takes ${count} types in ${release}`, () => {
        expect(typesOf(release, without(symbol)).maxSwapfiles - typesOf(release).maxSwapfiles).toBe(count);
      });
    }
  }

  it("with no symbol at all, what cannot be switched off is left", () => {
    expect(typesOf("5.10", []).special).toEqual([]);
    expect(typesOf("6.1", []).special.map(({ type, name }) => [type, name])).toEqual([[31, "swapin-error"]]);
    expect(typesOf("6.12", []).special.map(({ type, name }) => [type, name])).toEqual([[31, "marker"]]);
  });

  // The measured constants of x86_64 with all symbols on.
  const measured: Record<string, string[]> = {
    "5.10": [
      "hwpoison 27",
      "migration-read 28",
      "migration-write 29",
      "device-private-write 30",
      "device-private-read 31",
    ],
    "6.1": [
      "hwpoison 22",
      "migration-read 23",
      "migration-read-exclusive 24",
      "migration-write 25",
      "device-private-write 26",
      "device-private-read 27",
      "device-exclusive-write 28",
      "device-exclusive-read 29",
      "marker 30",
      "swapin-error 31",
    ],
    "6.12": [
      "hwpoison 23",
      "migration-read 24",
      "migration-read-exclusive 25",
      "migration-write 26",
      "device-private-write 27",
      "device-private-read 28",
      "device-exclusive-write 29",
      "device-exclusive-read 30",
      "marker 31",
    ],
    "7.2": [
      "hwpoison 24",
      "migration-read 25",
      "migration-read-exclusive 26",
      "migration-write 27",
      "device-private-write 28",
      "device-private-read 29",
      "device-exclusive 30",
      "marker 31",
    ],
  };
  for (const [release, names] of Object.entries(measured)) {
    it(`${release} has the numbers that its headers give`, () => {
      expect(typesOf(release).special.map(({ name, type }) => `${name} ${type}`)).toEqual(names);
    });
  }

  // Bit 1 changed its name in 6.6; the guard bit came in 6.13.
  const names: Record<string, string[]> = {
    "5.18": [],
    "5.19": ["1 uffd-wp"],
    "6.1": ["1 uffd-wp"],
    "6.2": ["1 uffd-wp", "2 swapin-error"],
    "6.5": ["1 uffd-wp", "2 swapin-error"],
    "6.6": ["1 uffd-wp", "2 poisoned"],
    "6.12": ["1 uffd-wp", "2 poisoned"],
    "6.13": ["1 uffd-wp", "2 poisoned", "4 guard"],
    "7.3": ["1 uffd-wp", "2 poisoned", "4 guard"],
  };
  for (const [release, markers] of Object.entries(names)) {
    it(`${release} has ${markers.length} marker bits`, () => {
      expect(typesOf(release).markers.map(({ value, name }) => `${value} ${name}`)).toEqual(markers);
    });
  }

  it("6.1 without CONFIG_PTE_MARKER has no marker bit either", () => {
    expect(typesOf("6.1", without("CONFIG_PTE_MARKER")).markers).toEqual([]);
  });

  it("RHEL 9 has the new migration types and the marker from build 179, the marker for good from 441", () => {
    expect(typesOf("5.14.0-178.el9.x86_64").maxSwapfiles).toBe(25);
    expect(typesOf("5.14.0-179.el9.x86_64").maxSwapfiles).toBe(23);
    expect(typesOf("5.14.0-427.el9.x86_64", without("CONFIG_PTE_MARKER")).maxSwapfiles).toBe(24);
    expect(typesOf("5.14.0-441.el9.x86_64", without("CONFIG_PTE_MARKER")).maxSwapfiles).toBe(23);
    expect(typesOf("5.14.0-503.11.1.el9_5.x86_64").markers.map(({ name }) => name)).toEqual([
      "uffd-wp",
      "swapin-error",
    ]);
    expect(typesOf("5.14.0-441.el8.x86_64").maxSwapfiles).toBe(25);
    // Another kernel of that vendor: 4.18 has two device-private types, and neither marker nor exclusive.
    expect(typesOf("4.18.0-553.el9.x86_64").maxSwapfiles).toBe(27);
  });

  it("SLES 12 SP4 has device-private types from 4.12.14-5.5", () => {
    expect(typesOf("4.12.14-5.5-default").maxSwapfiles).toBe(27);
    expect(typesOf("4.12.14-122.37-default").maxSwapfiles).toBe(27);
    expect(typesOf("4.12.14-5.4-default").maxSwapfiles).toBe(29);
    expect(typesOf("4.12.14").maxSwapfiles).toBe(29);
  });

  it("every type of 0 to 31 means something, and 32 and above are unassigned", () => {
    const types = typesOf("6.12");
    expect(typeMeaning(types, 0)).toBe("swap");
    expect(typeMeaning(types, 22)).toBe("swap");
    expect(typeMeaning(types, 23)).toBe("hwpoison");
    expect(typeMeaning(types, 31)).toBe("marker");
    expect(typeMeaning(types, 32)).toBe("unassigned");
    expect(typeMeaning(types, 63)).toBe("unassigned");
    expect(typeNumber(types, "swapin-error")).toBeUndefined();
  });

  it("every step cites", () => {
    for (const release of ["4.4", "5.10", "6.1", "6.12", "7.2"]) {
      for (const { citation } of [...typesOf(release).special, ...typesOf(release).markers]) {
        expect(citation).toMatch(/v?\d+\.\d+/);
      }
    }
  });
});
