// bench/live.c through the WebAssembly module: same arguments, same line on stdout. As the page does, it runs some days at
// a time, and begins again after a run that it left.
import { readFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const kept = process.argv[2] === "--kept" ? Number(process.argv[3]) : 0;
const [folder, ...words] = process.argv.slice(kept ? 4 : 2);
const [policy, from, until, known, first, n, ...steps] = words.map(Number);
const here = dirname(fileURLToPath(import.meta.url));
const module = new WebAssembly.Module(readFileSync(process.env.PASO_WASM ?? join(here, "paso.wasm")));
if (WebAssembly.Module.imports(module).length) throw new Error("the module has imports");
const e = new WebAssembly.Instance(module, {}).exports;
e._initialize();

function put(bytes) {
  const at = e.paso_live_allocate(bytes.length);
  new Uint8Array(e.memory.buffer, at, bytes.length).set(bytes);
  return at;
}
function must(status) { if (status) { console.error(`status ${status}`); process.exit(1); } }

const program = readFileSync(join(folder, "program.bin"));
const live = e.paso_live_open(put(program), program.length);
if (!live) must(3);
const file = join(folder, "state.bin");
const state = existsSync(file) ? readFileSync(file) : new Uint8Array();
if (state.length) must(e.paso_live_states(live, put(state), state.length));
e.paso_live_keep(live, kept);

function run(step, say) {
  must(e.paso_live_begin(live, policy));
  if (step) must(e.paso_live_step(live, ...step));
  must(e.paso_live_plan(live, from, until, known));
  const width = e.paso_live_n_values(live), out = e.paso_live_allocate(width * n * 8);
  const before = performance.now();
  must(e.paso_live_start(live, 1n, first, n, out));
  const begun = e.paso_live_go(live, 10);
  if (begun === 0) throw new Error("ten days are all there is");
  if (begun !== 1) must(begun);
  must(e.paso_live_start(live, 1n, first, n, out));
  for (let more = 1; more === 1;) {
    more = e.paso_live_go(live, Math.ceil(400 / n));
    if (more !== 1) must(more);
  }
  console.error(`${(performance.now() - before).toFixed(1)} ms`);
  let hash = 2166136261;
  for (const byte of new Uint8Array(e.memory.buffer, out, width * n * 8)) hash = Math.imul(hash ^ byte, 16777619);
  if (say) console.log(`${width * n} values, hash ${(hash >>> 0).toString(16).padStart(8, "0")}`);
  e.paso_live_release(out);
}

if (kept || !steps.length) run(undefined, !steps.length);
for (let i = 0; i < steps.length; i += 4) run(steps.slice(i, i + 4), true);
