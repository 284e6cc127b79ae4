import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { objects, ptekit } from "./run.ts";

// Each test starts processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A live file, as far as it is read here. */
interface Live {
  readonly arch: string;
  readonly release: string;
  readonly levels: number;
  readonly cpu?: string | readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

interface Row {
  readonly vaddr: string;
  readonly level?: string;
  readonly pte: string;
  readonly pagemap: string;
}

const packages = fileURLToPath(new URL("../../../packages/arch", import.meta.url));
const files = fs
  .readdirSync(packages)
  .map((name) => path.join(packages, name, "live"))
  .filter((folder) => fs.existsSync(folder))
  .flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)))
  .filter((file) => file.endsWith(".json"));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-live-"));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

const bit = (word: bigint, at: number): boolean => ((word >> BigInt(at)) & 1n) === 1n;

/** What pagemap says of a PTE, in the words of decode --json. See Documentation/admin-guide/mm/pagemap.rst (as of Linux v6.16) */
function meaning(pagemap: bigint, knowsUffdWp: boolean): Record<string, unknown> {
  const flags = knowsUffdWp ? { uffdWp: bit(pagemap, 57) } : {};
  const low = pagemap & ((1n << 55n) - 1n);
  // Device memory that is mapped by PFN reads as 0 there.
  if (bit(pagemap, 63))
    return { kind: "present", ...(low === 0n ? {} : { pfn: `0x${low.toString(16)}` }), ...flags };
  if (bit(pagemap, 62))
    return { type: Number(low & 31n), place: low >> 5n, softDirty: bit(pagemap, 55), ...flags };
  return { kind: "none" };
}

describe("page tables of running kernels", () => {
  for (const file of files) {
    it(`${path.basename(file)}: decode says what that kernel's pagemap says`, () => {
      const live: Live = JSON.parse(fs.readFileSync(file, "utf8"));
      const config = path.join(scratch, path.basename(file));
      fs.writeFileSync(
        config,
        Object.entries(live.config)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(""),
      );
      const levels = live.arch === "x86_64" && live.levels === 5 ? ["la57"] : [];
      const cpu = [levels, live.cpu ?? []].flat(2).flatMap((feature) => ["--cpu", feature]);
      // Of a huge page pagemap names the frame of each part, and its entry the first: conformance holds those.
      const rows = live.rows.filter(({ level = "pte" }) => level === "pte");
      const args = [
        "decode",
        "--arch",
        live.arch,
        "--kernel",
        live.release,
        "--config-file",
        config,
        ...cpu,
        "--json",
        "-",
      ];
      const ran = ptekit(args, rows.map(({ pte }) => pte).join("\n"));
      expect([ran.status, ran.err]).toEqual([0, ""]);
      const found = objects(ran);
      expect(found).toHaveLength(rows.length);
      const knowsUffdWp = !live.release.startsWith("5.10");
      found.forEach((said, index) => {
        const row = rows[index];
        const expected = meaning(BigInt(row?.pagemap ?? 0), knowsUffdWp);
        const place = said.pfn !== undefined && said.kind !== "present" ? said.pfn : said.offset;
        // The marker says so, not a flag of the entry.
        const uffdWp =
          said.uffdWp === true || (Array.isArray(said.markers) && said.markers.includes("uffd-wp"));
        const words = {
          ...said,
          uffdWp,
          ...(said.swpEntry === undefined ? {} : { place: BigInt(String(place)) }),
        };
        expect(words, `${row?.vaddr}`).toMatchObject(expected);
      });
    });
  }

  it("there are live files of three architectures", () => {
    expect(files.length).toBeGreaterThanOrEqual(7);
  });
});
