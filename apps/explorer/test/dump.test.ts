// A dump on the page: read in the worker where it lies, as ptekit scan reads it.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { objects, ptekit } from "../../cli/test/run.ts";
import { site } from "./browser.ts";
import { inBrowser } from "./in-browser.ts";

const dump = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/introspect/test/dumps/${name}.kdump`, import.meta.url));

inBrowser(
  "a file on the page",
  (here) => {
    let folder: string;
    beforeAll(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-page-"));
    });
    afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

    const made = (name: string, bytes: Uint8Array | string): string => {
      const file = path.join(folder, name);
      fs.writeFileSync(file, bytes);
      return file;
    };
    const choose = async (files: string | string[], at = ""): Promise<void> => {
      await here.page.goto("about:blank");
      await here.page.goto(at === "" ? here.opened.url : at);
      await here.page.locator("#file").setInputFiles(files);
    };
    const shown = async (): Promise<unknown[]> =>
      ((await here.page.locator(".answer > .json pre").textContent()) ?? "")
        .split("\n")
        .map((line) => JSON.parse(line));

    it("a dump is a table of its processes, and every line is that of ptekit scan --json", async () => {
      await choose(dump("amd64-6.1"));
      await here.says(/^Linux 6\.1.*: \d+ processes, nothing suspicious/);
      expect(await shown()).toEqual(objects(ptekit(["scan", "--json", dump("amd64-6.1")])));
      expect(await here.page.locator("#processes thead").textContent()).toContain("swapped");
      expect(await here.page.locator("#processes tbody tr").last().textContent()).toMatch(/all \d+/);
      expect(here.page.workers().length).toBe(1);
    });

    it("a dump that is dropped anywhere on the page is read, as one that is chosen", async () => {
      await here.visit("");
      const session = await here.context.newCDPSession(here.page);
      const data = { items: [], files: [dump("arm64-5.10")], dragOperationsMask: 1 };
      for (const type of ["dragEnter", "dragOver", "drop"] as const)
        await session.send("Input.dispatchDragEvent", { type, x: 700, y: 700, data });
      await here.says(/^Linux 5\.10.*, arm64, .*: \d+ processes/);
      expect(here.page.url()).toContain(here.opened.url);
      expect(await shown()).toEqual(objects(ptekit(["scan", "--json", dump("arm64-5.10")])));
    });

    it("a file that is mostly not looked at costs nothing: a dump with 5 GiB behind it is read as without", async () => {
      const long = made("long.kdump", fs.readFileSync(dump("amd64-6.1")));
      fs.truncateSync(long, 5 * 2 ** 30);
      await choose(long);
      await here.says(/: \d+ processes, nothing suspicious/);
      const [, ...processes] = objects(ptekit(["scan", "--json", dump("amd64-6.1")]));
      expect((await shown()).slice(1)).toEqual(processes);
    });

    it("what is suspicious is told, with what it is taken for", async () => {
      await choose(dump("amd64-6.1-crashed"));
      await here.says(/: \d+ processes/);
      const said = objects(ptekit(["scan", "--json", dump("amd64-6.1-crashed")]));
      expect(await shown()).toEqual(said);
    });

    it("the way to an address that is none is refused in a sentence, and so is a process that is not there", async () => {
      await choose(dump("amd64-6.1"));
      await here.says(/: \d+ processes/);
      const follow = async (address: string): Promise<void> => {
        await here.page.getByLabel("Address", { exact: true }).fill(address);
        await here.page.getByRole("button", { name: "Follow" }).click();
      };
      const sentence = (): Promise<string | null> => here.page.locator("#way-sentence").textContent();
      await follow("banana");
      await expect.poll(sentence).toContain("An address is hexadecimal");
      await follow("0x400000");
      await expect.poll(sentence, { timeout: 30_000 }).toMatch(/physical address 0x[0-9a-f]+$/);
      const picture = here.page.getByRole("link", { name: "The same as a picture" });
      await picture.click();
      await here.says(/The way ends at the pte: present, pfn 0x/);
    });

    it("a long log and a packed one are read where they lie; a file of another form says what it is", async () => {
      const line =
        "BUG: Bad page map in process java  pte:400000000000000 pmd:104a2b067\nRIP: 0010:zap_pte_range+0x1\n";
      await choose(made("log.gz", gzipSync(line)));
      await here.says(/bit 58/);
      await choose(made("long.txt", "all is well\n".repeat(100_000) + line));
      await here.says(/bit 58/);
      expect(await here.page.locator("textarea").inputValue()).toBe("");
      await choose(made("program", fs.readFileSync(process.execPath).subarray(0, 2_000_000)));
      await here.says(/program is an ELF program/);
    });

    it("a reading tells how far it is, keeps what it has when it is stopped, and a word in the box takes its place", async () => {
      await choose(dump("riscv64-7.2"));
      await here.page.getByText(/^\d+ so far\.$/).waitFor();
      expect(await here.page.locator(".answer").getAttribute("aria-busy")).toBe("true");
      await here.page.locator("#stop").click();
      await here.says(/^The reading was stopped/);
      expect(await here.page.locator(".answer").getAttribute("aria-busy")).toBe("false");
      await here.page.locator("textarea").fill("0x0");
      await here.says(/none/);
      expect(await here.page.locator("#processes").count()).toBe(0);
    });

    const whole = fs.readFileSync(dump("amd64-6.1"));
    const noise = Buffer.from(Array.from({ length: 40_000 }, (_, i) => (i * 2_654_435_761) >>> 24));
    const zeros = Buffer.alloc(100_000);
    it.each([
      ["cut to its head", whole.subarray(0, 5000)],
      ["cut in the middle", whole.subarray(0, whole.length >> 1)],
      ["with noise behind its head", Buffer.concat([whole.subarray(0, 4096), noise])],
      ["of a kdump's first word alone", Buffer.concat([Buffer.from("KDUMP   "), zeros])],
      ["that is flattened, and nothing", Buffer.concat([Buffer.from("makedumpfile\0\0\0\0"), zeros])],
      ["of LiME's first word alone", Buffer.concat([Buffer.from("EMiL"), zeros])],
      ["of AVML's first word alone", Buffer.concat([Buffer.from("AVML"), zeros])],
      [
        "of an ELF head alone",
        Buffer.concat([Buffer.from("7f454c460201010000000000000000000400", "hex"), zeros]),
      ],
      ["of noise", noise],
      ["of zeros", zeros],
      ["packed, and cut", gzipSync(noise).subarray(0, 900)],
    ])("a file %s ends in one sentence, and the page answers on", async (name, bytes) => {
      await choose(made("file", bytes));
      await expect
        .poll(() => here.page.locator(".answer").getAttribute("aria-busy"), { timeout: 60_000 })
        .toBe("false");
      const sentence = (await here.page.locator("#sentence").textContent()) ?? "";
      expect([name, sentence.trim()]).not.toEqual([name, ""]);
      expect(sentence).not.toMatch(/undefined|\bat \w+ \(|RangeError|TypeError/);
      await here.page.locator("textarea").fill("0x0");
      await here.says(/none/);
    });

    it("an empty file is said to be one", async () => {
      await choose(made("nothing", ""));
      await expect.poll(() => here.page.locator(".notice").textContent()).toBe("nothing is empty.");
    });

    it("the page as one file says that it reads none", async () => {
      await choose(dump("amd64-6.1"), `file://${site}explorer.html`);
      await here.says(/reads no dumps/);
    });
  },
  120_000,
);
