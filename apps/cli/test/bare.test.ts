import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { objects, ptekit } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-bare-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const LOG =
  "get_swap_device: Bad swap offset entry 3ffffffff7fff\nBUG: Bad page map in process docker  pte:01000000 pmd:10fe4f067\nCPU: 3 PID: 712 Comm: docker Not tainted 6.1.0-50-amd64 #1\n";
fs.writeFileSync(path.join(folder, "dmesg.txt"), LOG);
fs.writeFileSync(path.join(folder, "beef"), LOG);

const ARM64 = ["--arch", "arm64", "--kernel", "6.12"];
const bare = (args: readonly string[], input = "") => ptekit(args, input, process.env, folder);

describe("without a command", () => {
  it("a word is decoded, and what else it might be is said", () => {
    const { out, status } = bare(["0x17c0", ...ARM64]);
    expect(status).toBe(0);
    expect(out).toContain("marker: type 31, uffd-wp");
    expect(out).toContain("were it a swp_entry_t (ptekit entry): type 0 (a swap area), offset 0x17c0");
    expect(bare([...ARM64, "17c0"]).out).toBe(out);
  });

  it("a word that says what it is, is read as that alone", () => {
    expect(bare(["pte:17c0", ...ARM64]).out).not.toContain("were it");
    for (const entry of [["swp_entry_t", "0x7c00000000000001"], ["val=0x7c00000000000001"]])
      expect(bare([...entry, ...ARM64]).out).toBe(bare(["entry", ...ARM64, "0x7c00000000000001"]).out);
    const pagemap = ["decode", "--pagemap", ...ARM64, "0x8600000000000805"];
    expect(bare(["pagemap:", "8600000000000805", ...ARM64]).out).toBe(bare(pagemap).out);
  });

  it("a name before several words is that of each", () => {
    const said = bare(["entry", "--json", ...ARM64, "0x10", "0x7c00000000000001"]);
    expect(bare(["swp_entry_t:", "0x10", "0x7c00000000000001", "--json", ...ARM64])).toEqual(said);
    expect(bare(["swp_entry_t", "--json", ...ARM64, "0x10", "val=0x7c00000000000001"])).toEqual(said);
    expect(bare(["val", "=", "0x10", "--json", ...ARM64])).toEqual(
      bare(["entry", "--json", ...ARM64, "0x10"]),
    );
  });

  it("a file that is no text, or empty, is called so", () => {
    const png = Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de", "hex");
    const ptes = Buffer.from("c017000000000000c047000000000000", "hex");
    for (const [name, bytes] of [
      ["png", png],
      ["ptes", ptes],
      ["zeros", Buffer.alloc(4096)],
    ] as const) {
      fs.writeFileSync(path.join(folder, name), bytes);
      const sentence = `ptekit: ${name} is no text; page-table entries as they lie in memory: ptekit census --arch A --kernel R ${name}\n`;
      expect(bare([name])).toEqual({ status: 2, out: "", err: sentence });
    }
    fs.writeFileSync(path.join(folder, "empty"), "");
    expect(bare(["empty"])).toEqual({ status: 1, out: "", err: "ptekit: empty: it is empty\n" });
    // A log whose end a crash left unwritten, in Latin-1 and in UTF-16.
    for (const log of [
      Buffer.from(`${"all is well\n".repeat(9)}\0\0`),
      Buffer.from("alles für die Katz\n", "latin1"),
      Buffer.from("all is well\n", "utf16le"),
    ]) {
      fs.writeFileSync(path.join(folder, "log"), log);
      expect(bare(["log"]).err).toMatch(/no line here carries/);
    }
    fs.writeFileSync(path.join(folder, "log"), Buffer.from(LOG, "utf16le").swap16());
    expect(bare(["log"])).toEqual(bare(["dmesg.txt"]));
    const { status, err } = bare(["census", ...ARM64, "log"]);
    expect([status, err]).toEqual([2, "ptekit: log is text in UTF-16, no page-table entries\n"]);
  });

  it("a word that pagemap may have written is read so too", () => {
    expect(bare(["0x8100000000000805", ...ARM64]).out).toContain(
      "were it of /proc/PID/pagemap (--pagemap): present, pfn 0x805; mapped once",
    );
    expect(bare(["0xc100000000000805", ...ARM64]).out).not.toContain("/proc/PID/pagemap");
  });

  it("several words are decoded one after the other, for a script one object each", () => {
    const said = objects(bare(["0x17c0", "0", "--json", ...ARM64]));
    expect(said.map(({ kind }) => kind)).toEqual(["marker", "none"]);
  });

  it("a log is explained, from a file or standard input", () => {
    const explained = bare(["explain", "dmesg.txt"]);
    expect(explained.out).toContain("verdict");
    expect(bare(["dmesg.txt"])).toEqual(explained);
    expect(bare(["./beef"])).toEqual(explained);
    expect(bare(["-"], LOG)).toEqual(explained);
  });

  it("what is neither is refused in a sentence", () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ["decod", /unknown command 'decod'; did you mean decode\?/],
      ["fade", /unknown command 'fade'; if a word is meant: ptekit 0xfade/],
      [".", /unknown command '\.': it is a folder, and no log/],
      ["swp_entry_t", /swp_entry_t of which word\? Give it, as in ptekit swp_entry_t: 0x17c0/],
      ["swp_entry_t --arch arm64", /swp_entry_t of which word\?/],
      ["pte:", /pte of which word\?/],
      ["pagemap:", /pagemap of which word\?/],
      ["pte:zz --arch arm64 --kernel 6.12", /"zz" is not a word/],
      ["pagemap: zz --arch arm64 --kernel 6.12", /"zz" is not a word/],
      ["swp_entry_t zz --arch arm64 --kernel 6.12", /"zz" is not a word/],
      ["pagemap 8600000000000805", /: ptekit pagemap: 8600000000000805$/m],
      ["pagemap 0x805", /: ptekit pagemap: 0x805$/m],
      ["decode --arch arm64 --kernel 6.12 pte:17c0", /without a command: ptekit pte: 17c0$/m],
      ["encode --arch arm64 --kernel 6.12 --marker uffdwp", /did you mean uffd-wp\?/],
      ["no.txt", /unknown command 'no.txt', and there is no such file/],
      ["./no.txt", /cannot read \.\/no\.txt: no such file or directory/],
      ["0xzz", /"0xzz" is not a word/],
      ["0x17c0 --frob", /unknown option '--frob'/],
      ["--frob", /unknown option '--frob'/],
      ["--arch", /option '--arch <A>' argument missing/],
      ["--json", /decode what\?/],
      ["0x17c0 nonsense --arch arm64 --kernel 6.12", /"nonsense" is not a word/],
      ["0x1ffffffffffffffff --arch arm64 --kernel 6.12", /needs 65 bits/],
      [
        "0x17c0 --arch sparc",
        /a word needs --kernel R: this machine is \S+, and its release says nothing of sparc/,
      ],
    ];
    for (const [line, sentence] of refused) {
      const { status, err } = bare(line.split(" "));
      expect([line, status, err]).toEqual([line, 2, expect.stringMatching(sentence)]);
    }
  });
});

describe("decode --pagemap", () => {
  const decode = (word: string, kernel: string) =>
    objects(bare(["decode", "--pagemap", "--arch", "x86_64", "--kernel", kernel, "--json", word]))[0];

  it("says what each bit says, as far as the release has it", () => {
    // A row of live/amd64-7.2.json: a page of /init.
    expect(decode("a18000000000820d", "7.2")).toMatchObject({
      pagemap: "0xa18000000000820d",
      meaning: "present, pfn 0x820d; file or shared; mapped once; soft-dirty",
      pfn: "0x820d",
      guard: false,
    });
    expect(decode("0400000000000000", "6.14")).toMatchObject({ unknown: [58] });
    expect(decode("0400000000000000", "6.15")).toMatchObject({ guard: true, unknown: [] });
    expect(decode("0200000000000000", "5.13")).toMatchObject({ unknown: [57] });
    expect(decode("0200000000000000", "5.14")).toMatchObject({ uffdWp: true });
  });

  it("names the type and the marker of an entry", () => {
    expect(decode("400000000000003f", "6.12")?.meaning).toBe(
      "a swap entry: type 31 (uffd-wp marker), offset 0x1",
    );
    expect(decode("4000000000000243", "6.12")?.meaning).toBe(
      "a swap entry: type 3 (a swap area), offset 0x12",
    );
    expect(decode("4000000000000000", "6.12")?.meaning).toMatch(/hidden from a reader without CAP_SYS_ADMIN/);
  });

  it("refuses what does not go with it", () => {
    const { status, err } = bare(["decode", "--pagemap", "--level", "pmd", ...ARM64, "0"]);
    expect([status, err]).toEqual([2, expect.stringMatching(/do not go with --pagemap/)]);
    expect(bare(["decode", "--pagemap", ...ARM64, "0x1ffffffffffffffff"]).status).toBe(2);
  });
});
