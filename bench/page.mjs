// From a slider's move to the first answer on the page, in headless Chromium on a written site:
//   build/paso site us-mexico /tmp/site && node bench/page.mjs /tmp/site [LEVER [MOVES]]
// Prints milliseconds to the first paint; until the count of members on the page changes (20 pairs) and until all are done,
// after a jump to a value that nobody could guess; and the first again after an arrow key, once the page has run ahead.
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
/* Pieces that the workers are at, to know when the page has run ahead. */
await page.addInitScript(() => {
  const Real = globalThis.Worker;
  Object.assign(globalThis, { runs: 0, ended: 0 });
  globalThis.Worker = class extends Real {
    postMessage(what, ...more) {
      if (what.kind === "run") {
        runs++;
        this.addEventListener("message", () => { runs--; ended = performance.now(); }, { once: true });
      }
      super.postMessage(what, ...more);
    }
  };
});
const done = () => page.waitForSelector('[data-testid="progress"][data-state="done"]', { timeout: 0 });
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await done();
const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN);
await page.evaluate((name) => {
  globalThis.slider = document.querySelector(`[data-lever="${name}"] input[type=range]`);
  slider.closest("details").open = true;
  /* From the next move of the slider to the first numbers that differ. */
  globalThis.first = () => new Promise((resolve) => slider.addEventListener("input", () => {
    const moved = performance.now(), stamp = document.querySelector("[data-testid=stamp]");
    new MutationObserver((_, o) => { o.disconnect(); resolve(performance.now() - moved); }).observe(stamp, { subtree: true, childList: true, characterData: true });
  }, { capture: true, once: true }));
}, lever);
const jump = (share) => page.evaluate((at) => {
  const answer = first();
  slider.value = String(Number(slider.min) + at * (Number(slider.max) - Number(slider.min)));
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  return answer;
}, share);
const times = [], keys = [];
for (let i = 0; i < Number(moves); i++) {
  const began = performance.now(), answer = await jump(0.15 + (0.8 * i) / Number(moves));
  await done();
  times.push([answer, performance.now() - began]);
}
await page.evaluate(() => slider.focus());
for (let i = 0; i < Number(moves); i++) {
  await done();
  await page.waitForFunction(() => runs === 0 && performance.now() - ended > 300, null, { timeout: 0 });
  await page.evaluate(() => { globalThis.answer = first(); });
  await page.keyboard.press("ArrowLeft");
  keys.push([await page.evaluate(() => answer)]);
}
const median = (list, k) => list.map((t) => t[k]).sort((a, b) => a - b)[list.length >> 1].toFixed(0);
const each = (list) => list.map((t) => t[0].toFixed(0)).join(" ");
console.log(`first paint ${paint.toFixed(0)} ms; ${lever}: first answer ${median(times, 0)} ms, all members ${median(times, 1)} ms, first answer after a key ${median(keys, 0)} ms`);
console.log(`medians; first answers each: ${each(times)}; after keys: ${each(keys)}`);
await browser.close();
server.close();
