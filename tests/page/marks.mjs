/* What the page says beside its numbers: published figures next to record and model, and the mark of
 * what rests on politics, only while somebody moves politics. Every number there is of the command. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { at, copyOf, paso, serve, settle, visit, words } from "./lab.mjs";

const claim = "claims: [{when: 2023-03, says: 900, by: {en: a newspaper, es: un diario}, said: {en: About 900 came, es: Llegaron unos 900}, seen: {en: The diary, es: El diario}, why: {en: It rounds down, es: Redondea}}]";

/** The tutorial with a figure that somebody published, and a lever of politics that fewer leave by. */
function told() {
  const path = copyOf("tutorial", "told"), file = join(path, "corridor.yml");
  let text = readFileSync(file, "utf8");
  const put = (before, after) => { assert.ok(text.includes(before), before); text = text.replace(before, after); };
  put("headline: true, en: Arrivals at the shelter", `${claim}, headline: true, en: Arrivals at the shelter`);
  put("signals:  ", "  mood: {layer: politics, value: 1, bounds: [0, 2], unit: 1, who: the port, group: port, en: Mood, es: Ánimo}\n\nsignals:  ");
  put("  leaving:", '  pull: {layer: politics, unit: 1, neutral: 1, is: mood}\n  leaving:');
  put("season[today] * exp", "season[today] * pull * exp");
  writeFileSync(file, text);
  return path;
}

const path = told();
const server = await serve(path);

test("published figures beside record and model", async () => {
  const { page, close } = await visit(server.url);
  await settle(page);
  const [found] = JSON.parse(paso("explain", path, "--claims", "--format", "json", "--members", "20"));
  const number = (x) => Math.round(x).toLocaleString("en-US");
  await page.waitForFunction(() => /90/.test(document.querySelector("[data-testid=claim-model]").textContent));
  const said = await words(at(page, "claims"));
  for (const part of ["About 900 came", "900 people", `Record ${number(found.series)} people The diary`, "It rounds down", "20 members under “As it happened”"])
    assert.ok(said.includes(part), `${part} in ${said}`);
  const model = (await words(at(page, "claim-model"))).match(/[\d,]+/g).map((x) => Number(x.replaceAll(",", "")));
  [found.model.q50, 90, found.model.q05, found.model.q95].forEach((x, k) => assert.ok(Math.abs(model[k] - x) <= 0.02 * x, `${model[k]} for ${x}`));
  await at(page, "language").selectOption("es");
  assert.match(await words(at(page, "claims")), /Llegaron unos 900 un diario.*Dicho 900 personas.*Redondea/);
  await close();
});

test("politics is marked while it is moved", async () => {
  const { page, close } = await visit(`${server.url}#policy=more-slots`);
  await settle(page);
  const layer = () => words(at(page, "series").locator(".sub").first());
  assert.equal(await at(page, "scenario").count(), 0);
  assert.match(await layer(), /Rests on (accounting|behaviour)/);
  const mood = page.locator('[data-lever="mood"]'), field = mood.locator("input[inputmode=decimal]");
  await page.evaluate(() => document.querySelectorAll("[data-testid=lever-group]").forEach((x) => (x.open = true)));
  await field.fill("0,5");
  await field.press("Enter");
  await settle(page);
  assert.ok(await mood.isVisible(), "the fold that somebody opened stays open when a lever moves");
  assert.equal(await field.inputValue(), "0.5");
  assert.ok(await page.locator(".headline [data-testid=scenario]").count());
  assert.match(await layer(), /Rests on politics/);
  await at(page, "language").selectOption("es");
  assert.equal(await words(page.locator(".headline [data-testid=scenario]")), "escenario");
  assert.match(await words(mood), /decide: el puerto/);
  await mood.getByTestId("reset").click();
  await settle(page);
  assert.equal(await at(page, "scenario").count(), 0);
  await close();
});

test("figures of another corridor are left out", async () => {
  let hash = "0".repeat(64);
  const before = (page) => page.route("**/data/claims.json", async (route) => {
    const response = await route.fetch(), found = await response.json();
    await route.fulfill({ response, json: { ...found, hash: hash || found.hash } });
  });
  const { page, close } = await visit(server.url, { before });
  await settle(page);
  await at(page, "claims-mixed").waitFor();
  assert.match(await words(at(page, "claims-mixed")), /^the page's files are not of one version \(claims\.json\): .*\.$/);
  assert.match(await words(at(page, "claim-model")), /^could not be had\./);
  hash = "";
  await at(page, "claims").locator("button.link").first().click();
  await page.waitForFunction(() => /90/.test(document.querySelector("[data-testid=claim-model]").textContent));
  assert.equal(await at(page, "claims-mixed").count(), 0);
  await close();
});
