// The forms of a dump, each by the tool that people have: QEMU's own, and makedumpfile's out of QEMU's ELF core.
import fs from "node:fs";
import path from "node:path";
import { ran, run } from "../common/run.ts";
import type { MemoryRange } from "./form.ts";
import type { Qmp } from "./qmp.ts";

/** What QEMU writes: a name, and the arguments of dump-guest-memory. */
const QEMU: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[] = [
  { name: "qemu.elf", args: { paging: false } },
  { name: "qemu-paging.elf", args: { paging: true } },
  { name: "qemu-zlib.kdump", args: { paging: false, format: "kdump-zlib" } },
];

/** What makedumpfile writes: a name, and its options; several files where it splits. */
const MAKEDUMPFILE: readonly { readonly name: string; readonly options: readonly string[] }[] = [
  ...[0, 31].flatMap((level) =>
    [
      ["zlib", "-c"],
      ["lzo", "-l"],
      ["snappy", "-p"],
      ["zstd", "-z"],
    ].map(([form, option]) => ({
      name: `${form}-d${level}.kdump`,
      options: [option as string, "-d", `${level}`],
    })),
  ),
  { name: "stored-d31.kdump", options: ["-d", "31"] },
  { name: "d31.elf", options: ["-E", "-d", "31"] },
  { name: "flat-lzo-d31.kdump", options: ["-F", "-l", "-d", "31"] },
];

/** QEMU's forms, and the guest's memory as it is. What this QEMU does not write is told with its own words. */
export async function qemuForms(qmp: Qmp, folder: string, tell: (text: string) => void): Promise<void> {
  for (const { name, args } of QEMU) {
    try {
      await qmp.run("dump-guest-memory", { ...args, protocol: `file:${path.join(folder, name)}` });
    } catch (error) {
      tell(`not made, ${name}: ${(error as Error).message}`);
    }
  }
}

/** makedumpfile's forms of QEMU's ELF core. What it refuses is told. */
export function makedumpfileForms(folder: string, command: string, tell: (text: string) => void): void {
  const source = path.join(folder, "repaired.elf");
  repair(path.join(folder, "qemu.elf"), source);
  for (const { name, options } of MAKEDUMPFILE) {
    const target = path.join(folder, name);
    try {
      if (options.includes("-F"))
        fs.writeFileSync(target, ran(command, [...options, source], { maxBuffer: 2 ** 31 }));
      else run(command, ["-f", ...options, source, target]);
    } catch (error) {
      fs.rmSync(target, { force: true });
      tell(`not made, ${name}: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  fs.rmSync(source);
}

/**
 * QEMU 7.2 writes a header that readers other than ours stumble over: its own size wrong, and its program headers not
 * behind it, where makedumpfile looks for them.
 */
function repair(from: string, to: string): void {
  fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
  fs.chmodSync(to, 0o600);
  const file = fs.openSync(to, "r+");
  const head = Buffer.alloc(64);
  fs.readSync(file, head, 0, 64, 0);
  const segments = Buffer.alloc(56 * head.readUInt16LE(56));
  fs.readSync(file, segments, 0, segments.length, Number(head.readBigUInt64LE(32)));
  head.writeUInt16LE(64, 52);
  head.writeBigUInt64LE(64n, 32);
  head.writeBigUInt64LE(0n, 40);
  head.writeUInt32LE(0, 60);
  fs.writeSync(file, head, 0, 64, 0);
  fs.writeSync(file, segments, 0, segments.length, 64);
  fs.closeSync(file);
}

/** LiME's form of memory in those ranges: before each a header, and then its bytes. Blocks of zeros are left as holes. */
export function limeForm(ram: string, ranges: readonly MemoryRange[], to: string): void {
  const target = fs.openSync(to, "w");
  const source = fs.openSync(ram, "r");
  const block = Buffer.alloc(2 ** 20);
  let place = 0;
  for (const { start, end, at } of ranges) {
    const head = Buffer.alloc(32);
    head.writeUInt32LE(0x4c694d45, 0);
    head.writeUInt32LE(1, 4);
    head.writeBigUInt64LE(start, 8);
    head.writeBigUInt64LE(end - 1n, 16);
    fs.writeSync(target, head, 0, 32, place);
    place += 32;
    for (let done = 0; done < Number(end - start); ) {
      const got = fs.readSync(
        source,
        block,
        0,
        Math.min(block.length, Number(end - start) - done),
        at + done,
      );
      if (got === 0) throw new Error(`${ram} ends inside the guest's memory`);
      if (!block.subarray(0, got).every((byte) => byte === 0)) fs.writeSync(target, block, 0, got, place);
      done += got;
      place += got;
    }
  }
  fs.ftruncateSync(target, place);
  fs.closeSync(source);
  fs.closeSync(target);
}
