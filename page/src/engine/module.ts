/* The WebAssembly module behind a small class: bytes in, members' numbers out. No DOM, so that node
 * runs it too. The exports are those of src/live/live.h. */

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  paso_live_allocate(size: number): number;
  paso_live_release(at: number): void;
  paso_live_open(at: number, size: number): number;
  paso_live_states(live: number, at: number, size: number): number;
  paso_live_begin(live: number, policy: number): number;
  paso_live_step(live: number, lever: number, cell: number, day: number, value: number): number;
  paso_live_plan(live: number, from: number, until: number, knownUntil: number): number;
  paso_live_n_values(live: number): number;
  paso_live_n_cells(live: number, observable: number): number;
  paso_live_n_periods(live: number, observable: number): number;
  paso_live_period(live: number, observable: number, period: number): number;
  paso_live_run(live: number, seed: bigint, first: number, n: number, out: number): number;
  paso_live_fault(live: number): number;
}

/** Days count from 1970-01-01; values are in the engine's units. */
export interface Step { lever: number; cell: number; day: number; value: number }
export interface Plan { policy: number; steps: Step[]; from: number; until: number; knownUntil: number }
/** Numbers of an observable within a member: [cells][periods], from `at` on. */
export interface Slot { at: number; cells: number; days: number[] }

const model = -100; // PASO_ERR_MODEL, include/paso/status.h

export class Module {
  private planned = "";
  private constructor(private e: Exports, private live: number) {}

  static async open(wasm: BufferSource, program: Uint8Array, state: Uint8Array): Promise<Module> {
    const { instance } = await WebAssembly.instantiate(wasm, {});
    const e = instance.exports as unknown as Exports;
    e._initialize();
    const at = Module.put(e, program);
    const live = e.paso_live_open(at, program.length);
    e.paso_live_release(at);
    if (!live) throw new Error("program.bin is not a program of this version");
    if (state.length) {
      const states = Module.put(e, state);
      const status = e.paso_live_states(live, states, state.length);
      e.paso_live_release(states);
      if (status) throw new Error("state.bin does not fit program.bin");
    }
    return new Module(e, live);
  }

  private static put(e: Exports, bytes: Uint8Array): number {
    const at = e.paso_live_allocate(bytes.length);
    if (!at) throw new Error("no memory");
    new Uint8Array(e.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  private must(status: number): void {
    if (!status) return;
    if (status !== model) throw new Error(`the engine refused (${status})`);
    const at = this.e.paso_live_fault(this.live);
    const bytes = new Uint8Array(this.e.memory.buffer, at);
    const name = new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
    throw new Error(`a check of the model failed: ${name}`);
  }

  plan(p: Plan): void {
    const key = JSON.stringify(p);
    if (key === this.planned) return;
    this.planned = "";
    this.must(this.e.paso_live_begin(this.live, p.policy));
    for (const s of p.steps) this.must(this.e.paso_live_step(this.live, s.lever, s.cell, s.day, s.value));
    this.must(this.e.paso_live_plan(this.live, p.from, p.until, p.knownUntil));
    this.planned = key;
  }

  layout(observables: number): Slot[] {
    const slots: Slot[] = [];
    let at = 0;
    for (let o = 0; o < observables; o++) {
      const cells = this.e.paso_live_n_cells(this.live, o), n = this.e.paso_live_n_periods(this.live, o);
      const days = Array.from({ length: n }, (_, k) => this.e.paso_live_period(this.live, o, k));
      slots.push({ at, cells, days });
      at += cells * n;
    }
    return slots;
  }

  /** Members first to first + n - 1, one after the other. */
  run(seed: string, first: number, n: number): Float64Array {
    const width = this.e.paso_live_n_values(this.live);
    const out = this.e.paso_live_allocate(width * n * 8);
    if (!out) throw new Error("no memory");
    try {
      this.must(this.e.paso_live_run(this.live, BigInt(seed), first, n, out));
      return new Float64Array(this.e.memory.buffer, out, width * n).slice();
    } finally {
      this.e.paso_live_release(out);
    }
  }
}
