import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Random } from "./random.ts";

/** What a terminal must never see as it is: a title, a reset, C1, a bell, text that turns round. */
export const EVIL = "\u001b]0;PWNED\u0007\u001bc\u009b2J\u202e\u2066\u200b\b\r";

const real = new URL("../../../packages/dump/test/real/", import.meta.url);
const dumps = readdirSync(real)
  .filter((name) => /\.(kdump|avml)$/.test(name))
  .map((name) => new Uint8Array(readFileSync(new URL(name, real))));

/** The files of a case, by what they are made as; each may be cut, or have bytes changed. */
export const MAKERS: Readonly<Record<string, (random: Random) => Uint8Array>> = {
  bin: (random) => {
    const bytes = random.bytes(8 * random.below(400) + (random.chance(20) ? random.below(8) : 0));
    // Page tables are mostly empty.
    for (let i = 0; i + 8 <= bytes.length; i += 8) if (random.chance(60)) bytes.fill(0, i, i + 8);
    return bytes;
  },
  config: (random) =>
    mutated(random, text(Array.from({ length: random.below(40) }, () => configLine(random)))),
  "config.gz": (random) => mutated(random, gzipSync(text([configLine(random)]))),
  log: (random) => mutated(random, text(Array.from({ length: random.below(60) }, () => logLine(random)))),
  dump: (random) =>
    mutated(random, random.chance(80) ? random.pick(dumps) : random.bytes(random.below(4096))),
};

const text = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join("\n"));

/** Three in ten stay whole: a reader that refuses all is not read far. */
function mutated(random: Random, whole: Uint8Array): Uint8Array {
  if (random.chance(30)) return whole;
  const bytes = whole.slice(0, random.chance(30) ? random.below(whole.length + 1) : whole.length);
  // Heads say how long the rest is.
  const reach = random.chance(70) ? Math.min(bytes.length, 8192) : bytes.length;
  for (let i = random.below(12); i > 0 && reach > 0; i--) {
    const value = random.pick([0, 0xff, 0x7f, 0x80, random.below(256)]);
    const at = random.below(reach);
    bytes.fill(value, at, Math.min(bytes.length, at + random.pick([1, 1, 1, 4, 8])));
  }
  return bytes;
}

const configLine = (random: Random): string =>
  random.pick([
    "CONFIG_X86_64=y",
    "CONFIG_ARM64=y",
    "CONFIG_MIGRATION=y",
    "CONFIG_DEVICE_PRIVATE=m",
    "# CONFIG_MEMORY_FAILURE is not set",
    "CONFIG_ARM64_64K_PAGES=y",
    "CONFIG_ARM64_PA_BITS=52",
    `CONFIG_LOCALVERSION="${EVIL}"`,
    "CONFIG_X86_PAE=0x7fffffffffffffff",
    `${EVIL}CONFIG`,
    "#",
    "",
    "CONFIG_=y",
  ]);

export const wordText = (random: Random): string =>
  random.pick([
    () => `0x${Buffer.from(random.bytes(8)).toString("hex")}`,
    () => Buffer.from(random.bytes(1 + random.below(9))).toString("hex"),
    () => String(random.below(2 ** 31)),
    () =>
      random.pick([
        "0",
        "-1",
        "0x",
        "1e9",
        "0b1",
        "1_000",
        "NaN",
        "Infinity",
        "0xffffffffffffffff",
        "1".repeat(400),
      ]),
  ])();

function logLine(random: Random): string {
  const word = (): string => wordText(random);
  return random.pick([
    () =>
      `[${random.below(1e6)}.${random.below(1e6)}] BUG: Bad page map in process x${EVIL}  pte:${word()} pmd:${word()}`,
    () => `get_swap_device: Bad swap file entry ${word()}`,
    () => `addr:${word()} vm_flags:${word()} anon_vma:${word()} mapping:${word()} index:${random.below(1e9)}`,
    () =>
      `CPU: 3 PID: 712 Comm: ${EVIL}x Not tainted ${random.pick(RELEASES)}${random.chance(10) ? EVIL : ""} #1`,
    () => `Linux version ${random.pick(RELEASES)} (x@y) #1 SMP`,
    () => `PGD ${word()} P4D ${word()} PUD ${word()} PMD ${word()} PTE ${word()}`,
    () => `Hardware name: ${random.pick(["QEMU Standard PC", "ARM-Versatile", EVIL])}, BIOS 1`,
    () => random.pick(["a", "0_", "\t", "> ", "=20", "é", "\u{1f9a6}"]).repeat(random.below(20_000)),
    () => `{"MESSAGE":"get_swap_device: Bad swap file entry ${word()}","__REALTIME_TIMESTAMP":"1"}`,
    () => Buffer.from(random.bytes(random.below(200))).toString("latin1"),
  ])();
}

/** Release strings of every kind, and what only looks like one. */
export const RELEASES: readonly string[] = [
  "6.12",
  "6.1.0-50-amd64",
  "5.14.0-427.13.1.el9_4.x86_64",
  "4.18.0-553.el8_10.x86_64",
  "3.10.0-862.14.1.6_42.x86_64",
  "4.15.0-213-generic",
  "4.12.14-lp151.28.91-default",
  "2.6.32-042stab145.3",
  "5.10.0-136.12.0.86.oe2203sp1.aarch64",
  "next-20261120",
  "7.9",
  "6.10.3.arch1-1",
  "4.4.0-19041-Microsoft",
  "2.4",
  "6",
  "6.12.",
  "6.99",
  "latest",
  `6.1.0-${EVIL}`,
  `4.18.0-1${".1".repeat(300)}.el8`,
];
