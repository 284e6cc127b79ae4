import fs from "node:fs";
import { createRequire } from "node:module";
import type { Opened } from "./browser.ts";

/** What axe finds wrong with a page of the site, each in a line. */
export async function axeFinds(
  { browser, url }: Opened,
  link: string,
  colorScheme: "light" | "dark",
): Promise<readonly string[]> {
  const source = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  // The policy of the page refuses scripts that are not its own, axe among them.
  const context = await browser.newContext({ bypassCSP: true, colorScheme });
  const page = await context.newPage();
  await page.goto(url + link, { waitUntil: "networkidle" });
  await page.addScriptTag({ content: source });
  const found: string[] = await page.evaluate(
    "axe.run().then((result) => result.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html).slice(0, 3).join(' ')))",
  );
  await context.close();
  return found;
}
