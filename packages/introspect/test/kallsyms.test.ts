import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findKallsyms } from "../src/kallsyms/search.ts";
import { type KallsymsPlaces, readKallsyms } from "../src/kallsyms/table.ts";
import { memoryAt } from "./kernel.ts";

const here = (name: string): Buffer =>
  fs.readFileSync(fileURLToPath(new URL(`kallsyms/${name}`, import.meta.url)));
const answers: {
  readonly base: string;
  readonly places: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly symbols: Readonly<Record<string, string>>;
} = JSON.parse(here("answers.json").toString());

const address = (text: string): bigint => BigInt(`0x${text}`);
const known = { name: "_stext", address: address(answers.symbols._stext as string) };
const symbols = Object.entries(answers.symbols).map(([name, text]) => [name, address(text)] as const);

/** The linked bytes where the linker put them, in an image that begins below. */
function kernelOf(name: string): ReturnType<typeof memoryAt> {
  const bytes = new Uint8Array(gunzipSync(here(`${name}.bin.gz`)));
  const before = 0x100000;
  const image = new Uint8Array(before + bytes.length + 0x100000);
  image.set(bytes, before);
  return memoryAt([[address(answers.base) - BigInt(before), image]]);
}

function placesOf(name: string): KallsymsPlaces {
  const said = answers.places[name] as Readonly<Record<string, string>>;
  const at = (part: string): bigint => address(said[part] as string);
  return {
    numSyms: at("num_syms"),
    names: at("names"),
    tokenTable: at("token_table"),
    tokenIndex: at("token_index"),
    offsets: at(said.offsets === undefined ? "addresses" : "offsets"),
    relativeBase: said.relative_base === undefined ? null : at("relative_base"),
  };
}

describe.each(Object.keys(answers.places))("%s", (name) => {
  const form = name.split("-")[1];

  test("every symbol has its address, and the form is told", () => {
    const read = readKallsyms(
      kernelOf(name),
      placesOf(name),
      known,
      symbols.map(([symbol]) => symbol),
    );
    if (typeof read === "string") throw new Error(read);
    expect([...read.addresses].sort()).toEqual([...symbols].sort());
    expect(read.form).toBe(form);
  });

  test("a search finds every part where the linker put it", () => {
    const found = findKallsyms(kernelOf(name), address(answers.base) - 0x100000n, known);
    const { relativeBase, ...places } = placesOf(name);
    expect(found).toMatchObject(places);
    if (form === "relative" || form === "percpu") expect(found?.relativeBase).toBe(relativeBase);
  });

  test("a name that there is not has no address; a known address that is wrong is refused in a sentence", () => {
    const kernel = kernelOf(name);
    const read = readKallsyms(kernel, placesOf(name), known, ["no_such_symbol"]);
    expect(typeof read === "string" ? read : [...read.addresses.keys()]).toEqual(["_stext"]);
    const wrong = readKallsyms(kernel, placesOf(name), { ...known, address: known.address + 16n }, []);
    expect(wrong).toMatch(/no way to write addresses/);
    expect(findKallsyms(kernel, address(answers.base) - 0x100000n, { ...known, address: 4096n })).toBeNull();
  });
});

test("tables that end too soon, or say what cannot be, are refused in a sentence", () => {
  const places = placesOf("v6.12-relative");
  const cut = memoryAt([
    [address(answers.base), new Uint8Array(gunzipSync(here("v6.12-relative.bin.gz"))).subarray(0, 3000)],
  ]);
  expect(readKallsyms(cut, places, known, [])).toMatch(/not in the dump/);
  const bytes = new Uint8Array(gunzipSync(here("v6.12-relative.bin.gz")));
  for (const count of [0, 0xffff_ffff]) {
    new DataView(bytes.buffer).setUint32(0, count, true);
    expect(readKallsyms(memoryAt([[address(answers.base), bytes]]), places, known, [])).toMatch(
      /says that it has/,
    );
  }
  new DataView(bytes.buffer).setUint32(0, 100_000, true);
  expect(readKallsyms(memoryAt([[address(answers.base), bytes]]), places, known, [])).toMatch(/go on beyond/);
});
