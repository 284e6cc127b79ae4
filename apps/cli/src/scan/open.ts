import fs from "node:fs";
import { DumpError } from "@ptekit/dump";
import type { OpenedDump } from "@ptekit/dump/node";
import { openDumpFile } from "@ptekit/dump/node";
import type { Kernel } from "@ptekit/introspect";
import { openKernel } from "@ptekit/introspect";
import { archOf } from "../arch.ts";
import type { Given, Option } from "../command.ts";
import { reasonOf, UsageError } from "../errors.ts";
import { readNumber } from "../numbers.ts";
import { forShortRun } from "./short-run.ts";

/** What says what a dump does not. */
export const DUMP_OPTIONS: readonly Option[] = [
  {
    name: "vmcoreinfo",
    value: "FILE",
    help: "the kernel's VMCOREINFO, where the dump has none: a text with OSRELEASE=, SYMBOL(…)=, NUMBER(…)=",
  },
  {
    name: "btf",
    value: "FILE",
    help: "the kernel's types, where the dump has none: /sys/kernel/btf/vmlinux of that very kernel",
  },
  {
    name: "ram-base",
    value: "X",
    help: "the file is raw memory, and begins at this physical address",
  },
  {
    name: "release",
    value: "R",
    help: "the kernel's release, where no kernel is found in the dump: page tables are looked for that look like a process's",
  },
  {
    name: "arch",
    value: "A",
    help: "the architecture, or a module of your own, where nothing in the dump says it",
  },
];

/** A dump and the kernel in it; close the dump when done. */
export interface OpenedKernel {
  readonly dump: OpenedDump;
  readonly kernel: Kernel;
}

/** The dump in the files, and its kernel. */
export async function openFiles(files: readonly string[], given: Given): Promise<OpenedKernel> {
  forShortRun();
  const ramBase = ramBaseOf(given);
  if (files.includes("-"))
    throw new UsageError("a dump is read at many places: standard input cannot be one, give a file");
  const vmcoreinfo = given.text("vmcoreinfo");
  const btf = given.text("btf");
  const arch = given.text("arch");
  const release = given.text("release");
  const options = {
    ...(vmcoreinfo === undefined ? {} : { vmcoreinfo: contentsOf(vmcoreinfo).toString("latin1") }),
    ...(btf === undefined ? {} : { btf: new Uint8Array(contentsOf(btf)) }),
    ...(arch === undefined ? {} : { arch: await archOf(arch) }),
    ...(release === undefined ? {} : { release }),
  };
  const dump = await opened(files, ramBase);
  try {
    return { dump, kernel: await openKernel(dump, options) };
  } catch (error) {
    dump.close();
    throw error;
  }
}

const PAGE = 4096n;

function ramBaseOf(given: Given): { ramBase?: bigint } {
  const text = given.text("ram-base");
  if (text === undefined) return {};
  const ramBase = readNumber(text, "--ram-base");
  if (ramBase % PAGE !== 0n)
    throw new UsageError(`--ram-base ${text}: memory begins at a multiple of ${PAGE}`);
  return { ramBase };
}

async function opened(files: readonly string[], ramBase: { ramBase?: bigint }): Promise<OpenedDump> {
  try {
    return await openDumpFile(files, ramBase);
  } catch (error) {
    const isMaybeRaw = error instanceof DumpError && /\braw memory\b/.test(error.message);
    throw isMaybeRaw ? new UsageError(`${error.message} (--ram-base X)`) : error;
  }
}

function contentsOf(path: string): Buffer {
  try {
    return fs.readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}
