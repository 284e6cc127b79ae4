// What people ask, asked on the page: each question of questions.json is answered in three actions at the most.
import fs from "node:fs";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { inBrowser } from "./in-browser.ts";

type Step =
  | { readonly press: string }
  | { readonly choose: string; readonly value: string }
  | { readonly type: string; readonly value: string }
  | { readonly paste: string };

const questions: readonly {
  readonly asks: string;
  readonly steps: readonly Step[];
  readonly says: string;
}[] = JSON.parse(fs.readFileSync(new URL("../questions.json", import.meta.url), "utf8"));

/** What a reader does, by the names that are seen. */
async function act(page: Page, step: Step): Promise<void> {
  if ("paste" in step) {
    await page.locator("textarea").first().fill(step.paste);
    return;
  }
  if ("press" in step) {
    const name = { name: step.press, exact: true };
    const found = page
      .getByRole("link", name)
      .or(page.getByRole("button", name))
      .or(page.locator("summary").filter({ hasText: step.press }));
    await found.first().click();
    return;
  }
  if ("type" in step) {
    await page.getByLabel(step.type, { exact: true }).first().fill(step.value);
    return;
  }
  const control = page.getByRole("combobox", { name: step.choose, exact: true }).first();
  await control.waitFor();
  const options = await control.locator("option").allTextContents();
  await control.selectOption({
    label:
      options.find((text) => text.trim() === step.value || text.startsWith(`${step.value},`)) ?? step.value,
  });
}

inBrowser("what people ask", (here) => {
  it.each(questions)("$asks", async ({ steps, says }) => {
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.length).toBeLessThanOrEqual(3);
    await here.visit("");
    // biome-ignore lint/performance/useDomNodeTextContent: what is not seen is no answer
    const text = (): Promise<string> => here.page.locator("main").innerText();
    // What would be there without asking is no answer.
    expect(await text()).not.toContain(says);
    for (const step of steps) await act(here.page, step);
    await expect.poll(text, { timeout: 20_000 }).toContain(says);
  });

  it("no question is asked twice, and each has its own place in the document", () => {
    expect(new Set(questions.map(({ asks }) => asks)).size).toBe(questions.length);
    const document = fs.readFileSync(new URL("../../../docs/questions.md", import.meta.url), "utf8");
    for (const { asks } of questions) expect(document).toContain(`## ${asks}\n`);
  });
});
