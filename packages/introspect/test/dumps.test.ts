import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { PhysicalMemory } from "@ptekit/dump";
import { openDumpFile } from "@ptekit/dump/node";
import { describe, expect, test, vi } from "vitest";
import { openKernel, scannerOf } from "../src/index.ts";
import { compare, parseTruth } from "./truth.ts";

// Each reads some megabytes; a machine that does other things takes its time.
vi.setConfig({ testTimeout: 60_000 });

const here = (name: string): string => fileURLToPath(new URL(`dumps/${name}`, import.meta.url));

/** What is known of each dump beside what its guest said. */
const DUMPS = {
  "amd64-6.1": {
    release: "6.1.0-50-amd64",
    how: {
      vmcoreinfo: "the dump's note",
      arch: "the dump's utsname",
      symbols: "VMCOREINFO",
      types: "symbols",
    },
    config: { CONFIG_DEVICE_PRIVATE: "n", CONFIG_MIGRATION: "y", CONFIG_MEMORY_FAILURE: "y" },
    cpu: [],
  },
  "arm64-5.10": {
    release: "5.10.0-32-arm64",
    how: {
      vmcoreinfo: "the dump's note",
      arch: "the dump's utsname",
      symbols: "a search of its image",
      types: "a search of its image",
    },
    config: { CONFIG_ARM64_VA_BITS: 48, CONFIG_DEVICE_PRIVATE: "n" },
    cpu: [],
  },
  "riscv64-7.2": {
    release: "7.2.13+deb14-riscv64",
    how: {
      vmcoreinfo: "found in memory at 0x830c3000",
      arch: "the dump's utsname",
      symbols: "VMCOREINFO",
      types: "symbols",
    },
    config: { CONFIG_DEVICE_PRIVATE: "y", CONFIG_MEMORY_FAILURE: "n" },
    cpu: ["sv48"],
  },
} as const;

test("a crashed kernel's own vmcore says what the guest said before it panicked", async () => {
  const dump = await openDumpFile(here("amd64-6.1-crashed.kdump"));
  const kernel = await openKernel(dump);
  const truth = parseTruth(
    gunzipSync(fs.readFileSync(here("amd64-6.1-crashed.truth.gz"))).toString("latin1"),
    kernel.pageSize,
  );
  const { processes, areas, pages, differences } = compare(kernel, dump.memory, truth);
  expect(differences).toEqual([]);
  expect({ processes, areas, pages }).toEqual({ processes: 5, areas: 62, pages: 4503 });
  expect(kernel.vmcoreinfo.text).toMatch(/^CRASHTIME=\d+$/m);
  const scanner = await scannerOf(kernel, dump.memory);
  expect(scanner.limits).toEqual([]);
  for (const process of kernel.processes()) expect(scanner.scan(process).suspicious).toEqual([]);
  dump.close();
});

describe.each(Object.entries(DUMPS))("%s", (name, said) => {
  test("every process, area and page is as the guest said", async () => {
    const dump = await openDumpFile(here(`${name}.kdump`));
    const kernel = await openKernel(dump);
    const truth = parseTruth(
      gunzipSync(fs.readFileSync(here(`${name}.truth.gz`))).toString("latin1"),
      kernel.pageSize,
    );
    const { processes, areas, pages, differences } = compare(kernel, dump.memory, truth);
    expect(differences).toEqual([]);
    expect(processes).toBe(6);
    expect(areas).toBeGreaterThan(300);
    expect(pages).toBeGreaterThan(7900);
    expect(kernel.problems).toEqual([]);
    // The idle task is in the list, and not in /proc.
    expect(kernel.tasks()).toBe(truth.size + 1);
    dump.close();
  });

  test("it says what kernel it is of, and how each part was found", async () => {
    const dump = await openDumpFile(here(`${name}.kdump`));
    const kernel = await openKernel(dump);
    expect(kernel.release).toBe(said.release);
    expect(kernel.how).toEqual({ ...said.how, processes: null });
    expect(kernel.target.config).toMatchObject(said.config);
    expect(kernel.target.cpu).toEqual(said.cpu);
    expect(kernel.host).toBe("(none)");
    expect(kernel.buildId).toMatch(/^[0-9a-f]{40}$/);
    for (const { evidence } of kernel.facts) expect(evidence).toMatch(/\w/);
    dump.close();
  });

  test("the swap devices are those that the guest switched on", async () => {
    const dump = await openDumpFile(here(`${name}.kdump`));
    const devices = (await openKernel(dump)).swapDevices();
    // 1 GiB, 16 GiB with some pages marked bad, 1 GiB.
    expect(devices).toMatchObject([
      { type: 0, max: 262144, pages: 262143, priority: 0, writable: true, name: "zram0" },
      { type: 1, max: 4194304, priority: 1, writable: true, name: "zram1" },
      { type: 2, max: 262144, pages: 262143, priority: 2, writable: true, name: "zram2" },
    ]);
    dump.close();
  });
});

describe.each(Object.keys(DUMPS))("%s without VMCOREINFO", (name) => {
  test("every process, area and page is as the guest said, by a kernel that was found in memory", async () => {
    const dump = await openDumpFile(here(`${name}.kdump`));
    const without = { ...dump, vmcoreinfo: null, memory: withoutVmcoreinfo(dump.memory) };
    const kernel = await openKernel(without);
    expect(kernel.how.vmcoreinfo).toMatch(/^none; rebuilt from kallsyms, found in memory at 0x[0-9a-f]+$/);
    const whole = await openKernel(dump);
    expect(kernel.target).toEqual({ ...whole.target, config: expect.anything() });
    expect(kernel.backend.geometry?.levels).toEqual(whole.backend.geometry?.levels);
    for (const name of ["_stext", "kallsyms_names", "kallsyms_token_table", "kallsyms_offsets"])
      expect(whole.vmcoreinfo.symbol(name) ?? kernel.vmcoreinfo.symbol(name)).toBe(
        kernel.vmcoreinfo.symbol(name),
      );
    const truth = parseTruth(
      gunzipSync(fs.readFileSync(here(`${name}.truth.gz`))).toString("latin1"),
      kernel.pageSize,
    );
    const { processes, pages, differences } = compare(kernel, without.memory, truth);
    expect(differences).toEqual([]);
    expect(processes).toBe(6);
    expect(pages).toBeGreaterThan(7900);
    dump.close();
  });
});

/** The same memory, with zeros where it has a VMCOREINFO text or note. */
function withoutVmcoreinfo(memory: PhysicalMemory): PhysicalMemory {
  const head = new Uint8Array(64);
  return {
    ranges: memory.ranges,
    read: (address, into) => {
      const outcome = memory.read(address, into);
      if (outcome !== "read") return outcome;
      const end = address + BigInt(into.length);
      for (let page = address & ~4095n; page < end; page += 4096n) {
        if (memory.read(page, head) !== "read") continue;
        if (!String.fromCharCode(...head).includes("OSRELEASE=")) continue;
        const start = Number(page - address);
        into.fill(0, Math.max(0, start), Math.min(into.length, start + 4096));
      }
      return outcome;
    },
  };
}

test("what is given is taken: a VMCOREINFO and an architecture", async () => {
  const dump = await openDumpFile(here("riscv64-7.2.kdump"));
  const { vmcoreinfo } = await openKernel(dump);
  const given = await openKernel(dump, { vmcoreinfo: vmcoreinfo.text, arch: "riscv64" });
  expect(given.how).toMatchObject({ vmcoreinfo: "given", arch: "given" });
  await expect(openKernel(dump, { arch: "arm64", vmcoreinfo: vmcoreinfo.text })).rejects.toThrow(
    expect.objectContaining({ code: "NO_KERNEL", message: expect.stringMatching(/arm64/) }),
  );
  await expect(openKernel(dump, { arch: "s390x", vmcoreinfo: vmcoreinfo.text })).rejects.toThrow(
    expect.objectContaining({ code: "NO_KERNEL", message: expect.stringMatching(/not described/) }),
  );
  await expect(openKernel(dump, { vmcoreinfo: "no such text" })).rejects.toThrow(
    expect.objectContaining({ code: "BAD_FILE" }),
  );
  dump.close();
});

test("without types there is a kernel, and in a sentence why there are no names", async () => {
  const dump = await openDumpFile(here("amd64-6.1.kdump"));
  const kernel = await openKernel(dump);
  const from = kernel.symbols?.get("__start_BTF") as bigint;
  const hidden = kernel.memory.physical(from + 0x10000n) as bigint;
  const memory: typeof dump.memory = {
    ranges: dump.memory.ranges,
    read: (address, into) =>
      address < hidden + 4096n && address + BigInt(into.length) > hidden
        ? "excluded"
        : dump.memory.read(address, into),
  };
  const without = await openKernel({ ...dump, memory });
  expect(without.types).toBeNull();
  expect([...without.processes()].map(({ pid }) => pid)).not.toContainEqual(expect.any(Number));
  expect(without.problems.join()).toMatch(/BTF is excluded.*without the kernel's types/);
  expect(without.swapDevices()).toMatch(/without the kernel's types/);
  dump.close();
});

test("a process whose mm_struct the dump lacks says so, and the others are read", async () => {
  const dump = await openDumpFile(here("amd64-6.1.kdump"));
  const kernel = await openKernel(dump);
  const all = [...kernel.processes()];
  const victim = all[2] as (typeof all)[number];
  const page = (kernel.memory.physical(victim.mm ?? 0n) as bigint) & ~4095n;
  const memory: typeof dump.memory = {
    ranges: dump.memory.ranges,
    read: (address, into) =>
      address < page + 4096n && address + BigInt(into.length) > page
        ? "excluded"
        : dump.memory.read(address, into),
  };
  const rest = [...(await openKernel({ ...dump, memory })).processes()];
  expect(rest.length).toBe(all.length);
  const found = rest.find(({ pid }) => pid === victim.pid);
  expect(found?.space).toMatch(/its mm_struct, at 0x[0-9a-f]+, is left out of the dump/);
  expect(rest.filter(({ space }) => typeof space !== "string").length).toBeGreaterThan(0);
  dump.close();
});

test("memory in which nothing is a kernel's is refused by code", async () => {
  const memory = {
    ranges: [{ start: 0n, end: 0x10000n }],
    read: (_: bigint, into: Uint8Array): "read" => {
      into.fill(0);
      return "read";
    },
  };
  const nothing = { memory, vmcoreinfo: null, elfMachine: 62, utsname: null };
  await expect(openKernel(nothing)).rejects.toThrow(expect.objectContaining({ code: "NO_VMCOREINFO" }));
  await expect(openKernel({ ...nothing, elfMachine: 9999 })).rejects.toThrow(
    expect.objectContaining({ code: "UNKNOWN_ARCH" }),
  );
  const text =
    "OSRELEASE=6.1.0\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)=ffffffff82000000\nSYMBOL(_stext)=ffffffff81000000\nNUMBER(phys_base)=0\n";
  await expect(openKernel({ ...nothing, vmcoreinfo: text })).rejects.toThrow(
    expect.objectContaining({ code: "NO_KERNEL" }),
  );
});
