// From a slider's move to the first answer on the page, in headless Chromium on a written site:
//   build/paso site us-mexico /tmp/site && node bench/page.mjs /tmp/site [LEVER [MOVES]]
// Prints milliseconds to the first paint, until the count of members on the page changes (20 pairs), and until all are done.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";

const { chromium } = createRequire(new URL("../page/package.json", import.meta.url))("playwright-core");
const [folder, lever = "port_slots", moves = "7"] = process.argv.slice(2);
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };
const server = createServer((ask, reply) => {
  const path = new URL(ask.url, "http://page").pathname.replace(/\/$/, "/index.html");
  try {
    const bytes = readFileSync(join(folder, path));
    reply.writeHead(200, { "Content-Type": types[extname(path)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    reply.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
const done = () => page.waitForSelector('[data-testid="progress"][data-state="done"]', { timeout: 0 });
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await done();
const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN);
const times = [];
for (let i = 0; i < Number(moves); i++) {
  const began = performance.now();
  const first = await page.evaluate(([name, share]) => new Promise((resolve) => {
    const slider = document.querySelector(`[data-lever="${name}"] input[type=range]`), stamp = document.querySelector("[data-testid=stamp]");
    const moved = performance.now();
    new MutationObserver((_, o) => { o.disconnect(); resolve(performance.now() - moved); }).observe(stamp, { subtree: true, childList: true, characterData: true });
    slider.value = String(Number(slider.min) + share * (Number(slider.max) - Number(slider.min)));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }), [lever, 0.15 + 0.1 * i]);
  await done();
  times.push([first, performance.now() - began]);
}
const median = (k) => times.map((t) => t[k]).sort((a, b) => a - b)[times.length >> 1].toFixed(0);
console.log(`first paint ${paint.toFixed(0)} ms; ${lever}: first answer ${median(0)} ms, all members ${median(1)} ms (medians; each first: ${times.map((t) => t[0].toFixed(0)).join(" ")})`);
await browser.close();
server.close();
