import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a page prints that imports a folder's packages by an import map alone. */
export async function printsInChromium(folder, program) {
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) =>
    fs.existsSync(file),
  );
  if (!executablePath) throw new Error("chromium is missing. On Debian:\n  apt-get install chromium");
  const server = serve(folder, page(folder, program));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { chromium } = createRequire(path.join(folder, "package.json"))("playwright-core");
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const tab = await browser.newPage();
    const printed = new Promise((resolve, reject) => {
      tab.on("console", (message) => resolve(message.text()));
      tab.on("pageerror", reject);
    });
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    return await printed;
  } finally {
    await browser.close();
    server.close();
  }
}

function page(folder, program) {
  const scope = "node_modules/@ptekit";
  const imports = Object.fromEntries(
    fs.readdirSync(path.join(folder, scope)).map((name) => {
      const manifest = fs.readFileSync(path.join(folder, scope, name, "package.json"), "utf8");
      return [
        `@ptekit/${name}`,
        `/${path.posix.join(scope, name, JSON.parse(manifest).exports["."].default)}`,
      ];
    }),
  );
  return `<!doctype html><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">${program}</script>`;
}

function serve(folder, html) {
  return http.createServer((request, response) => {
    if (request.url === "/") return response.setHeader("content-type", "text/html").end(html);
    const file = path.join(folder, path.normalize(request.url));
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    response.setHeader("content-type", "text/javascript").end(fs.readFileSync(file));
  });
}
