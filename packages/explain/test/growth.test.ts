import { clues } from "@ptekit/all/clues";
import { describe, expect, it, vi } from "vitest";
import { linesOf } from "../src/lines/lines.ts";
import { detailsIn } from "../src/records/details.ts";
import { FORMS, sightingsIn } from "../src/records/forms.ts";
import { releaseIn } from "../src/scene/release.ts";

// A machine may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

// Strangers' lines may be anything: what reads them must not take longer than their length.

/** Pieces that patterns begin with, go on with, or look for. */
const PIECES = [
  "a",
  "0",
  "0_",
  " ",
  "=",
  ">",
  "> ",
  "pte:",
  "pte : 1 ",
  "pte=0 ",
  "PMD fff ",
  "PTE 0 ",
  "PGD 1 P4D 1 ",
  "*pte=00000000, ",
  "AS:0000000000000000 ",
  "P:0000000000000000 ",
  "Bad page map in process x ",
  "Bad swap file entry ",
  "swap_free: ",
  "bad pmd 0000(",
  "CPU: ",
  "CPU: 1.1 ",
  "Pid: 1, comm: a ",
  "Tainted: G ",
  "Hardware name: ",
  "addr:0 ",
  "page:0 refcount:0 mapcount:0 ",
  "flags: 0x0(",
  "qemu-system-x ",
  "(a@b) ",
  "6.1.0-1 ",
  "1.1.1.1",
  "[1.1]",
  "<1>",
  "\u001b[",
  "\u001b]",
  "&lt;",
  "<a ",
  "=3D",
  '{"log":',
  "Jan 1 00:00:00 a kernel: ",
  "ffff8800",
  "armv4",
  "ret_from_exception+",
  "UML ",
  "PREEMPT ",
];

const filled = (piece: string, size: number): string =>
  piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

/** The shortest of several runs, in milliseconds of this process. */
function cost(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** Eight times the text may cost sixteen times as much, and what is too short to measure is no matter. */
function expectLinear(read: (text: string) => void, make: (size: number) => string): void {
  read(make(500));
  const short = cost(() => read(make(4_000)));
  const long = cost(() => read(make(32_000)));
  expect(long).toBeLessThan(Math.max(16 * short, 150));
}

describe("time grows with the length of a line", () => {
  const readers: Readonly<Record<string, (text: string) => void>> = {
    "lines and their prefixes": (text) => void linesOf({ text, first: 1, gap: false }),
    "the forms of words": (text) => void sightingsIn(text),
    "what stands beside a report": (text) => void detailsIn(text, 1),
    releases: (text) => void releaseIn(text, 1),
  };
  for (const [name, read] of Object.entries(readers)) {
    it.each(PIECES)(`${name}: %j`, (piece) => {
      expectLinear(read, (size) => filled(piece, size));
      expectLinear(read, (size) => `pte: ${filled(piece, size)}!`);
    });
  }

  it("every form", () => {
    for (const { form } of FORMS) {
      for (const piece of PIECES)
        expectLinear(
          (text) => void [...text.matchAll(form)],
          (size) => filled(piece, size),
        );
    }
  }, 120_000);

  it("every clue of every architecture", () => {
    for (const { clues: own } of clues) {
      for (const { form } of own) {
        for (const piece of PIECES)
          expectLinear(
            (text) => void form.test(text),
            (size) => filled(piece, size),
          );
      }
    }
  }, 240_000);
});
