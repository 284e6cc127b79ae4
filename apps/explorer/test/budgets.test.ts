// What the page may cost: budgets.json holds it.
import fs from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Opened } from "./browser.ts";
import { hasBrowser, open } from "./browser.ts";
import { siteBytes, visit } from "./measure.ts";

interface Budgets {
  readonly visits: readonly {
    readonly name: string;
    readonly link: string;
    readonly bytes: number;
    readonly requests: number;
  }[];
  readonly site: ReturnType<typeof siteBytes>;
}
const budgets: Budgets = JSON.parse(fs.readFileSync(new URL("../budgets.json", import.meta.url), "utf8"));

const parts = siteBytes();

it("every part of the site has a budget", () => {
  expect(Object.keys(budgets.site).sort()).toEqual(Object.keys(parts).sort());
});

it.each(Object.entries(parts))("the site's %s is within its budget", (part, bytes) => {
  expect(bytes).toBeLessThanOrEqual(budgets.site[part] ?? 0);
  expect(bytes).toBeGreaterThan(1000);
});

describe.runIf(hasBrowser)("a first visit", { timeout: 60_000 }, () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  }, 60_000);
  afterAll(() => opened?.close());

  it.each(budgets.visits)("of $name is within its budget, and nothing moves", async (budget) => {
    const { bytes, requests, shift } = await visit(opened, budget.link);
    expect(bytes).toBeLessThanOrEqual(budget.bytes);
    expect(requests.length, requests.join(" ")).toBeLessThanOrEqual(budget.requests);
    expect(requests.length).toBeGreaterThan(1);
    expect(shift).toBe(0);
  });
});
