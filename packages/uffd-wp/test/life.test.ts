import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parseLife } from "@ptekit/conformance-kit";
import { targetOfHead } from "@ptekit/core";
import type { ObservedLife, Verdict } from "@ptekit/uffd-wp";
import { FINDINGS, replay } from "@ptekit/uffd-wp";
import { describe, expect, it } from "vitest";
import { architectures } from "./subjects.ts";

const packages = new URL("../../arch/", import.meta.url);
const archs = await architectures();

/** The life files of every architecture. */
const files = archs.flatMap((arch) => {
  const folder = new URL(`${arch.name}/life/`, packages);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => {
    const life = parseLife(name, readFileSync(new URL(name, folder), "utf8"));
    return { name, arch, life, backend: arch.for(targetOfHead(arch, life)) };
  });
});
const page = readFileSync(new URL("../../../docs/formats.md", import.meta.url), "utf8");
const example = /```json life\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

const observed = ({ vma, features, steps }: (typeof files)[number]["life"]["sequences"][number]) =>
  ({ vma, features, steps }) as unknown as ObservedLife;

describe.each(files)("$name", ({ life, backend }) => {
  it("the model goes through every sequence as the kernel did", () => {
    const counts: Partial<Record<Verdict["verdict"], number>> = {};
    const differences = life.sequences.flatMap((sequence) =>
      replay(backend, { ...observed(sequence), categories: life.categories }).flatMap((verdict, i) => {
        counts[verdict.verdict] = (counts[verdict.verdict] ?? 0) + 1;
        return verdict.differences.map((text) => `${sequence.number}: ${sequence.steps[i]?.event}: ${text}`);
      }),
    );
    expect(differences).toEqual([]);
    expect(counts.agrees).toBeGreaterThan(400);
    expect(counts["not modelled"] ?? 0).toBe(0);
  });
});

describe("what running kernels showed", () => {
  it.each(FINDINGS)("$proof", ({ proof, shownBy }) => {
    for (const release of shownBy) {
      const found = files
        .filter(({ name }) => name === `x86_64-${release}.json`)
        .flatMap(({ life }) => life.sequences.filter(({ why }) => why?.startsWith(proof)));
      expect(found.length, `${release}: ${proof}`).toBeGreaterThan(0);
      expect(found.every(({ steps }) => steps.every(({ saw }) => !saw.startsWith("not done")))).toBe(true);
    }
  });
});

describe("replay", () => {
  const life = parseLife("example", example);
  const arch = archs.find(({ name }) => name === life.arch);
  const backend = arch?.for(targetOfHead(arch, life));
  if (backend === undefined) throw new Error("the page's example is of no architecture");
  const [sequence] = life.sequences;
  if (sequence === undefined) throw new Error("the page's example has no sequence");
  const verdicts = (changed: object): Verdict[] =>
    replay(
      backend,
      observed({
        ...sequence,
        steps: sequence.steps.map((step, i) => (i === 1 ? { ...step, ...changed } : step)),
      }),
    );

  it("agrees with the example of docs/formats.md", () => {
    expect(verdicts({}).map(({ verdict }) => verdict)).toEqual(["agrees", "agrees"]);
  });

  it.each([
    [{ pte: 0n, pagemap: 1n << 55n }, /pte: the model says 0xfffffffffffffc00 special/],
    [{ saw: "EINVAL" }, /saw: the model says nothing, the kernel EINVAL/],
    [{ pagemap: 0x4080_0000_0000_003fn }, /pagemap uffd-wp: the model says true, the kernel false/],
  ])("%o differs", (changed, sentence) => {
    const [, second] = verdicts(changed);
    expect(second?.verdict).toBe("differs");
    expect(second?.differences.join("; ")).toMatch(sentence);
  });

  it("does not judge what was not done, nor what comes after what it does not know", () => {
    expect(verdicts({ saw: "not done: nothing is mapped", pte: 0n })[1]?.verdict).toBe("not done");
    const unknown = verdicts({ event: "compaction" });
    expect(unknown[1]?.verdict).toBe("not modelled");
  });

  it("takes a refusal of both for agreement, and one of the model's alone for a difference", () => {
    const swapoff = { event: "swapoff", pte: 0n, pagemap: 1n << 55n };
    expect(verdicts({ ...swapoff, saw: "EINVAL" })[1]?.verdict).toBe("refused");
    expect(verdicts({ ...swapoff, pte: 0x1000n })[1]?.verdict).toBe("differs");
  });
});
