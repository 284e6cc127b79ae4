import { fileURLToPath } from "node:url";
import { PtekitError } from "@ptekit/core";
import { DumpError } from "@ptekit/dump";
import { openDumpFile } from "@ptekit/dump/node";
import { describe, expect, test } from "vitest";
import { type KernelDump, openKernel } from "../src/index.ts";

const here = (name: string): string => fileURLToPath(new URL(`dumps/${name}`, import.meta.url));

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

/** The same memory, some words of it changed: each read page in so many loses its truth. */
function spoiled(dump: KernelDump, seed: number, oneIn: number): KernelDump {
  const memory: KernelDump["memory"] = {
    ranges: dump.memory.ranges,
    read: (address, into) => {
      const outcome = dump.memory.read(address, into);
      const page = Number(address >> 12n);
      const below = random(seed * 1009 + page);
      if (outcome !== "read" || below(oneIn) !== 0 || into.length === 0) return outcome;
      if (below(3) === 0) return "excluded";
      // The same word is wrong each time, as it would be in a dump.
      const at = below(into.length);
      into[at] = below(2) === 0 ? below(256) : ([0, 0xff, 0x80][below(3)] as number);
      return outcome;
    },
  };
  return { ...dump, memory };
}

describe("a kernel whose memory is damaged ends in answers, or in an error with a code", () => {
  test.each(["amd64-6.1", "riscv64-7.2", "arm64-5.10"])(
    "%s",
    async (name) => {
      const dump = await openDumpFile(here(`${name}.kdump`));
      // With a given text nothing is searched for in all of memory, which would take most of the time.
      const { vmcoreinfo } = await openKernel(dump);
      for (let seed = 1; seed <= 8; seed++) {
        try {
          const kernel = await openKernel(spoiled(dump, seed, [400, 100, 25, 8][seed % 4] as number), {
            vmcoreinfo: vmcoreinfo.text,
          });
          let areas = 0;
          for (const { space } of kernel.processes())
            areas += typeof space === "string" ? 0 : space.vmas.length;
          const devices = kernel.swapDevices();
          expect(areas).toBeLessThan(100_000);
          expect(typeof devices === "string" || devices.length <= 32).toBe(true);
          for (const problem of kernel.problems) expect(problem.length).toBeLessThan(500);
        } catch (error) {
          if (!(error instanceof PtekitError || error instanceof DumpError)) throw error;
          expect(`${error.code}: ${error.message}`).toMatch(/^[A-Z_]+: ./);
        }
      }
      dump.close();
    },
    60_000,
  );
});
