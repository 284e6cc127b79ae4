// `npm run picture`: docs/explorer.png, the page as the README shows it.
import { fileURLToPath } from "node:url";
import { open } from "./test/browser.ts";

const opened = await open();
const page = await opened.browser.newPage({ viewport: { width: 1000, height: 760 }, deviceScaleFactor: 1 });
await page.goto(`${opened.url}#/v1/arm64/6.12/0x17c0`);
await page.locator("#word").waitFor();
await page.screenshot({ path: fileURLToPath(new URL("../../docs/explorer.png", import.meta.url)) });
await opened.close();
process.exit();
