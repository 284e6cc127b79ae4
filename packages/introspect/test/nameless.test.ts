// Without symbols: page tables by what they look like.
import { fileURLToPath } from "node:url";
import type { PhysicalMemory } from "@ptekit/dump";
import { openDumpFile } from "@ptekit/dump/node";
import { describe, expect, test, vi } from "vitest";
import type { Kernel } from "../src/index.ts";
import { openKernel, scannerOf, whoOf } from "../src/index.ts";
import { findKallsyms } from "../src/kallsyms/search.ts";

vi.setConfig({ testTimeout: 60_000 });

const opened = (name: string) => openDumpFile(fileURLToPath(new URL(`dumps/${name}.kdump`, import.meta.url)));

/** The same memory, without the pages that `hidden` names. */
const without = (memory: PhysicalMemory, hidden: ReadonlySet<bigint>): PhysicalMemory => ({
  ranges: memory.ranges,
  read: (address, into) => {
    const end = address + BigInt(into.length);
    for (let page = address & ~4095n; page < end; page += 4096n) if (hidden.has(page)) return "excluded";
    return memory.read(address, into);
  },
});

/** The pages by which a kernel is found: its VMCOREINFO's, its tokens' and those of its banner. */
function tellTales(kernel: Kernel, memory: PhysicalMemory): Set<bigint> {
  const image = kernel.vmcoreinfo.symbol("_stext") as bigint;
  const table =
    kernel.vmcoreinfo.symbol("kallsyms_token_table") ??
    findKallsyms(kernel.memory, image, { name: "_stext", address: image })?.tokenTable;
  const tokens = (kernel.memory.physical(table as bigint) as bigint) & ~4095n;
  const pages = new Set([tokens, tokens + 4096n]);
  const bytes = new Uint8Array(4096);
  for (const { start, end } of memory.ranges)
    for (let page = start; page < end; page += 4096n) {
      if (memory.read(page, bytes) !== "read") continue;
      const text = Buffer.from(bytes.buffer).toString("latin1");
      if (text.slice(0, 64).includes("OSRELEASE=") || text.includes("Linux version ")) pages.add(page);
    }
  return pages;
}

const rootsOf = (kernel: Kernel): (bigint | null)[] =>
  [...kernel.processes()].map(({ space }) => (typeof space === "string" ? null : space.root));

describe.each(["amd64-6.1", "arm64-5.10", "riscv64-7.2"])("%s without VMCOREINFO and symbols", (name) => {
  test("its processes are their page tables, with the same counts", async () => {
    const dump = await opened(name);
    const whole = await openKernel(dump);
    const memory = without(dump.memory, tellTales(whole, dump.memory));
    const bare = { ...dump, vmcoreinfo: null, utsname: null, elfMachine: null, memory };
    const kernel = await openKernel(bare, { release: whole.release });
    expect(kernel.arch.name).toBe(whole.arch.name);
    expect(kernel.target.cpu).toEqual(whole.target.cpu);
    expect(kernel.backend.layout.id).toBe(whole.backend.layout.id);
    expect(kernel.problems[0]).toMatch(/^no kernel was found in the dump, but page tables.*as it was said$/);
    expect(kernel.swapDevices()).toMatch(/without the kernel's types/);
    const processes = [...kernel.processes()];
    expect(kernel.how).toMatchObject({ vmcoreinfo: "none", arch: "its page tables", symbols: null });
    expect(kernel.how.processes).toMatch(/look like a process's/);
    const scanner = await scannerOf(kernel, memory);
    const scans = new Map(
      processes.map((process) => {
        const scan = scanner.scan(process);
        return [scan.root, scan] as const;
      }),
    );
    const own = await scannerOf(whole, dump.memory);
    for (const process of whole.processes()) {
      const { root, present, swap, markers, uffdWp, hwpoison, tables } = own.scan(process);
      expect(scans.get(root)).toMatchObject({
        pid: null,
        comm: null,
        ...{ present, swap, markers, uffdWp, hwpoison, tables },
      });
    }
    expect([...scans.values()].flatMap(({ suspicious }) => suspicious)).toEqual([]);
    // Some are the kernel's own, which have a user's half for what it does itself.
    expect(scans.size - rootsOf(whole).length).toBeLessThanOrEqual(2);
    expect(whoOf({ ...(processes[0] as (typeof processes)[0]), root: 0x1000n })).toBe(
      "the process of root 0x1000",
    );
    dump.close();
  });
});

test("of a kernel without types each process is its page tables", async () => {
  const dump = await opened("amd64-6.1");
  const whole = await openKernel(dump);
  const types = whole.memory.physical((whole.symbols?.get("__start_BTF") as bigint) + 0x10000n) as bigint;
  const kernel = await openKernel({ ...dump, memory: without(dump.memory, new Set([types & ~4095n])) });
  const found = rootsOf(kernel);
  expect(kernel.root).toBe(whole.root);
  expect(found).toEqual(expect.arrayContaining(rootsOf(whole)));
  expect(kernel.problems.join()).toMatch(/BTF is excluded.*without the kernel's types/);
  dump.close();
});

test("where neither a kernel nor a release is known, and where no table is found, the error says so", async () => {
  const memory: PhysicalMemory = {
    ranges: [{ start: 0n, end: 0x40_0000n }],
    read: (_, into) => {
      into.fill(0x5a);
      return "read";
    },
  };
  const nothing = { memory, vmcoreinfo: null, elfMachine: 62, utsname: null };
  for (const options of [{}, { release: "6.1" }])
    await expect(openKernel(nothing, options)).rejects.toThrow(
      expect.objectContaining({ code: "NO_VMCOREINFO" }),
    );
});
