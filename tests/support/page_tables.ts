/* The tables of the page's engine for two policies, as tests/test_page_tables.py asks: bundled with
 * esbuild, run by node. Usage: FOLDER FORMAT MEMBERS SEED POLICY... (FORMAT manifest: the manifest of a csv) */
import { readFileSync } from "node:fs";
import type { Corridor, Format } from "../../page/src/contract";
import { Members, keepMembers, valuesOf, type Kept } from "../../page/src/engine/members";
import { isoDay, Module } from "../../page/src/engine/module";
import { manifest, table, type Run } from "../../page/src/engine/table";

const [folder, format, count, seed, ...policies] = process.argv.slice(2);
const c = JSON.parse(readFileSync(`${folder}/corridor.json`, "utf8")) as Corridor;
const day = (iso: string) => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86400000);
const module = await Module.open(readFileSync(`${folder}/paso.wasm`), readFileSync(`${folder}/program.bin`), readFileSync(`${folder}/state.bin`));
const all = new Members();

async function members(policy: string): Promise<Kept> {
  const kept = all.of(policy), n = Number(count);
  module.plan({ policy: c.policies.findIndex((p) => p.name === policy), steps: [], from: day(c.from), until: day(c.until), knownUntil: day(c.clock.now) });
  for (let first = 0; first < n; first += 5) {
    const some = Math.min(5, n - first), values = await module.run(seed, first, some, 0, async () => true);
    keepMembers(kept, first, some, values!, module.layout(c.observables.length));
  }
  return kept;
}

const kept: Kept[] = [];
for (const policy of policies) kept.push(await members(policy));
const run: Run = {
  corridor: c, members: Number(count), dates: kept[0].layout.map((slot) => slot.days.map(isoDay)),
  sides: policies.map((name, i) => ({ name, values: (o) => valuesOf(c, kept[i], o) })),
};
process.stdout.write(format === "manifest" ? manifest("csv", "table.csv", run, { until: c.until, seed }) : table(format as Format, run));
