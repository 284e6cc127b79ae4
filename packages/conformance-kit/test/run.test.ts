import { properties, runArchProperties, runProperties, subjectsOf } from "@ptekit/conformance-kit";
import type { ArchData, Layout } from "@ptekit/core";
import { defineArch, differs, equals, onlyWith, spare, uffdWp } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { broken, data, layout } from "./fixture.ts";

const PROPERTY = "what encode writes is neither none nor present";
const THP = "CONFIG_TRANSPARENT_HUGEPAGE";
const judged = properties.filter(({ name }) => name === PROPERTY);
const { citation } = layout;
const pmd = { when: [], present: differs(0x801n, 0n), citation };
const y = (name: string) => ({ name, default: "y" as const, citation });

describe("a report", () => {
  // Bit 6 is the lowest of the type: 16 of the 32 types, with 52 offsets each, read as present.
  const present = differs(0x841n, 0n);

  it("counts every failure and keeps the first ten", () => {
    const [report] = runProperties(broken({ present }), judged);
    expect(report).toMatchObject({ property: PROPERTY, cases: 32 * 52, failed: 16 * 52, exceptions: [] });
    expect(report?.failures).toHaveLength(10);
    expect(report?.failures[0]).toBe("0x0000000000001040: type 1, offset 0x1 is present");
  });

  it("counts the words on which each exception occurred, and the first that names a word has it", () => {
    const exception = (value: bigint, mask: bigint, reason: string) => ({
      property: PROPERTY,
      words: equals(mask, value),
      reason,
      citation,
    });
    const exceptions = [exception(0x40n, 0x7c0n, "type 1"), exception(0x40n, 0x40n, "odd types")];
    const [report] = runProperties(broken({ present, exceptions }), judged);
    expect(report).toMatchObject({ cases: 32 * 52, failed: 0, failures: [] });
    expect(report?.exceptions).toEqual([
      { reason: "type 1", occurred: 52 },
      { reason: "odd types", occurred: 15 * 52 },
    ]);
  });

  it("has a failure for each word that an exception names without need", () => {
    const exceptions = [{ property: PROPERTY, words: equals(0x7c0n, 0x80n), reason: "type 2", citation }];
    const [report] = runProperties(broken({ exceptions }), judged);
    // 52 words on which it holds, and an exception that never occurs.
    expect(report?.failed).toBe(53);
    expect(report?.failures[0]).toBe(
      `0x0000000000001080: an exception is claimed here ("type 2"), but the property holds`,
    );
  });

  it("of a case without a word is touched by no exception", () => {
    const property = "every layout cites its source";
    const exceptions = [{ property, words: equals(0n, 0n), reason: "x", citation }];
    const cites = properties.filter(({ name }) => name === property);
    const [report] = runProperties(broken({ citation: "", exceptions }), cites);
    expect(report?.failures).toEqual([
      "arm64 6.10: the citation names no file or commit with its release",
      `the exception "x" never occurs`,
    ]);
  });

  it("of a property that throws has a case and the message, whatever was thrown", () => {
    const throwing = (thrown: unknown) =>
      runProperties(broken({}), [
        {
          name: "throws",
          run() {
            throw thrown;
          },
        },
      ]);
    expect(throwing("a text")).toEqual([
      { property: "throws", cases: 1, failed: 1, failures: ["it throws: a text"], exceptions: [] },
    ]);
    expect(throwing(new Error("broke"))[0]?.failures).toEqual(["it throws: broke"]);
  });
});

describe("the backends that an architecture is judged on", () => {
  const labels = (more: Partial<ArchData>) =>
    subjectsOf(defineArch({ ...data, ...more })).map(({ label }) => label);

  it("are each layout and its PMD swap entries", () => {
    expect(labels({})).toEqual(["arm64 6.10, all that can be selected"]);
    expect(labels({ layouts: [{ ...layout, pmd }] })).toEqual([
      "arm64 6.10, all that can be selected",
      "arm64 6.10 PMD, all that can be selected",
    ]);
  });

  it("and those again that have other rows with nothing optional selected", () => {
    const fields = layout.fields.map((row) => (row.kind === "uffdWp" ? uffdWp(3, THP) : row));
    const symbols = [...data.symbols, y(THP)];
    expect(labels({ symbols, layouts: [{ ...layout, fields }] })).toEqual([
      "arm64 6.10, all that can be selected",
      "arm64 6.10, nothing optional",
    ]);
    // Only the PMD's rows differ.
    const own = layout.fields.map((row) => (row.kind === "exclusive" ? onlyWith(spare(2, 2), THP) : row));
    expect(labels({ symbols, layouts: [{ ...layout, pmd: { ...pmd, fields: own } }] })).toEqual([
      "arm64 6.10, all that can be selected",
      "arm64 6.10 PMD, all that can be selected",
      "arm64 6.10 PMD, nothing optional",
    ]);
  });
});

describe("an architecture as a whole", () => {
  const report = (more: Partial<ArchData>, name: string) =>
    runArchProperties(defineArch({ ...data, ...more })).find(({ property }) => property === name);

  it("has three properties", () => {
    const names = ["nothing is left to fill in", "one layout per target", "exceptions name a property"];
    expect(runArchProperties(defineArch(data))).toMatchObject(
      names.map((property, i) => ({
        property,
        cases: [1, 4, 0][i],
        failures: [],
        failed: 0,
        exceptions: [],
      })),
    );
  });

  it("fails for each thing that is left to fill in, and for what cites no source", () => {
    const unfinished = ["say how", "say why"];
    const layouts = [{ ...layout, citation: "" }];
    expect(report({ unfinished, layouts }, "nothing is left to fill in")).toMatchObject({
      cases: 1,
      failed: 3,
      failures: [...unfinished, "arm64 6.10: the citation names no file or commit with its release"],
    });
  });

  const NAME = "one layout per target";
  const older: Layout = { ...layout, id: "arm64 6.9", since: "6.9" };

  it("asks of each layout four times, by its own conditions and by its release", () => {
    expect(report({ layouts: [layout, older] }, NAME)).toMatchObject({ cases: 8, failed: 0 });
    const oldest: Layout = { ...layout, id: "arm64 5.4", since: "5.4" };
    expect(report({ layouts: [layout, older, oldest] }, NAME)).toMatchObject({ cases: 12, failed: 0 });
  });

  it("names both layouts and each target that they fit", () => {
    const twin = { ...layout, id: "arm64 6.10 twin" };
    const found = report({ layouts: [layout, twin] }, NAME);
    // All on, nothing optional, and the release, of each; and that the twin is never selected.
    expect(found).toMatchObject({ cases: 8, failed: 7 });
    expect(found?.failures[2]).toBe(`arm64 6.10 and arm64 6.10 twin both fit {"release":"6.10"}`);
    expect(found?.failures[6]).toBe("arm64 6.10 twin is not selected by its own conditions, but arm64 6.10");
  });

  it("finds twins that only all symbols on, only none of them, or only the defaults select", () => {
    const twins = (when: string[]) => {
      const twin = { ...layout, id: "arm64 6.10 twin", when };
      return report({ layouts: [twin, { ...layout, when: [] }] }, NAME)?.failures.join("\n") ?? "";
    };
    expect(twins(["CONFIG_MIGRATION"])).toMatch(
      /arm64 6.10 twin and arm64 6.10 both fit .*"CONFIG_MIGRATION":"y"/,
    );
    expect(twins(["!CONFIG_MIGRATION"])).toMatch(
      /arm64 6.10 twin and arm64 6.10 both fit .*"CONFIG_MIGRATION":"n"/,
    );
  });

  it("tells why no layout is selected", () => {
    const never = { ...layout, when: ["CONFIG_MIGRATION", "!CONFIG_MIGRATION"] };
    expect(report({ layouts: [never] }, NAME)?.failures).toEqual([
      "arm64 6.10 is not selected by its own conditions, but NO_LAYOUT: arm64 has no layout for this configuration and CPU",
    ]);
  });

  it("counts exceptions of PTEs and of PMDs, and fails for each that names no property", () => {
    const exception = (property: string) => ({ property, words: equals(1n, 1n), reason: "x", citation });
    const layouts = [
      {
        ...layout,
        exceptions: [exception(PROPERTY), exception("nice")],
        pmd: { ...pmd, exceptions: [exception("nicer")] },
      },
    ];
    expect(report({ layouts }, "exceptions name a property")).toMatchObject({
      cases: 3,
      failed: 2,
      failures: [`there is no property "nice"`, `there is no property "nicer"`],
    });
  });
});
