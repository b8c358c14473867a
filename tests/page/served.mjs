/* What only a server can do: runs on its processors, the corridor's text, tables of a run; and what
 * the page says when it goes away. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { at, copyOf, endless, folder, paso, serve, settle, visit, words } from "./lab.mjs";

const mine = copyOf("tutorial", "mine");
const server = await serve(mine);

test("tables are those of the command", async () => {
  const store = join(folder, "out.db"), files = join(folder, "tables");
  mkdirSync(files);
  const { page, close } = await visit(`${server.url}#members=200`);
  await settle(page);
  await at(page, "policy-other").selectOption("more-slots");
  await settle(page);
  const [from, until] = await page.evaluate(async () => { const c = await (await fetch("data/corridor.json")).json(); return [c.from, c.until]; });
  paso("compare", mine, "--policy", "as-happened", "--policy", "more-slots", "--members", "200", "--from", from, "--until", until, "--out", store, "--quiet");
  for (const format of ["csv", "json", "hubverse", "hxl"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), at(page, `download-${format}`).click()]);
    const path = join(files, format);
    await download.saveAs(path);
    assert.ok(readFileSync(path, "utf8") === paso("export", store, "--format", format), `${format} differs`);
  }
  await close();
});

test("a run of the server", async () => {
  const long = endless("cancelled"), far = await serve(long.path);
  const { page, close } = await visit(`${far.url}#${long.hash}&policy=more-slots`);
  await settle(page, "running");
  // Gone before it is told, the server would only notice after a while.
  await Promise.all([page.waitForResponse((r) => r.request().method() === "DELETE"), at(page, "cancel").click()]);
  await settle(page, "stopped");
  await close();
  const again = await visit(`${server.url}#members=2100&policy=more-slots`); // more than a browser runs
  await settle(again.page);
  assert.match(await words(at(again.page, "stamp")), /2,100/);
  assert.match(await words(at(again.page, "progress").locator(".told")), /on the server/);
  assert.match(await words(at(again.page, "headline")), /\d/);
  await again.close();
});

test("another wish before the engine is there", async () => {
  let send;
  const held = new Promise((resolve) => (send = resolve)), posted = [];
  const before = async (page) => {
    await page.route("**/data/program.bin", async (route) => { await held; await route.continue(); });
    page.on("request", (r) => { if (r.method() === "POST") posted.push(r.url()); });
  };
  const { page, close } = await visit(`${server.url}#members=20000&policy=more-slots`, { before });
  await settle(page, "running");
  await at(page, "members").selectOption("20");
  send();
  await settle(page);
  assert.match(await words(page.locator(".headline")), /20 pairs/);
  assert.deepEqual(posted, []);
  await close();
});

test("edit with an error", async () => {
  const { page, close } = await visit(`${server.url}#members=20`, { expected: [/409/] }); // of what is refused in the end
  await settle(page);
  const text = at(page, "editor-text"), good = await text.inputValue();
  assert.match(good, /patience, to/);
  await text.fill(good.replace("patience, to", "patient, to"));
  const line = good.slice(0, good.indexOf("patience, to")).split("\n").length;
  await page.waitForSelector(`[data-testid="marked-line"][data-line="${line}"].error`);
  const told = await words(at(page, "diagnostics"));
  assert.match(told, /expected a name that is defined, found "patient"/);
  assert.match(told, /error: stages\.queue\.exits\.tire\.hazard: /);
  assert.match(told, /hint: did you mean patience\?/);
  await at(page, "language").selectOption("es");
  const dicho = await words(at(page, "diagnostics"));
  assert.match(dicho, new RegExp(`línea ${line} error: .*: se esperaba: un nombre definido; se encontró "patient" expected a name that is defined, found "patient" sugerencia: ¿quiso decir patience\\?`));
  await at(page, "language").selectOption("en");
  assert.ok(await at(page, "editor-apply").isDisabled());
  await at(page, "diagnostics").locator("button").first().click();
  await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA" && document.activeElement.selectionEnd > document.activeElement.selectionStart);
  await page.keyboard.type("queue");
  assert.ok((await text.inputValue()).split("\n")[line - 1].includes("queue, to"), "what is typed takes the place of the word");
  const policy = "policies:\n  shut: {en: Shut, es: Cerrado, base: as-happened, from: 2023-08-01, set: {slots: 0}}";
  await text.fill(good.replace("policies:", policy));
  await page.waitForFunction(() => !document.querySelector("[data-testid=marked-line].error") && !document.querySelector("[data-testid=editor-apply]").disabled);
  await at(page, "editor-apply").click();
  await page.waitForSelector('[data-testid="policy-other"] option[value="shut"]', { state: "attached" });
  await settle(page);
  await at(page, "policy-other").selectOption("shut");
  await settle(page);
  assert.match(await words(at(page, "headline")), /\d/);
  assert.equal(readFileSync(join(mine, "corridor.yml"), "utf8"), good, "nothing is written before it is saved");
  await at(page, "editor-save").click();
  await page.waitForFunction(() => document.querySelector("[data-testid=editor-note]").textContent !== "");
  assert.equal(readFileSync(join(mine, "corridor.yml"), "utf8"), good.replace("policies:", policy));
  writeFileSync(join(mine, "corridor.yml"), good);
  await text.fill(good);
  await at(page, "editor-save").click();
  await at(page, "editor-failed").waitFor();
  assert.match(await words(at(page, "editor-failed")), /the file on the disk is not what was read/);
  await at(page, "language").selectOption("es");
  assert.match(await words(at(page, "editor-failed")), /el archivo en el disco no es el que se leyó/);
  await close();
});

test("the server goes away in the middle of a run", async () => {
  const long = endless("gone"), other = await serve(long.path);
  const { page, close } = await visit(`${other.url}#members=20`, { expected: [/ERR_CONNECTION|net::ERR|ERR_INCOMPLETE/] });
  await settle(page);
  await page.goto(`${other.url}#${long.hash}&policy=more-slots`);
  await settle(page, "running");
  await other.stop();
  await settle(page, "failed");
  assert.match(await words(at(page, "failure")), /^The server does not answer\. What is shown stays/);
  await at(page, "language").selectOption("es");
  assert.match(await words(at(page, "failure")), /^El servidor no responde/);
  await at(page, "language").selectOption("en");
  await page.goto(`${other.url}#members=20&policy=more-slots`);
  await settle(page);
  assert.match(await words(page.locator(".headline")), /20 pairs/);
  await close();
});
