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
  paso_live_start(live: number, seed: bigint, first: number, n: number, out: number): number;
  paso_live_go(live: number, days: number): number;
  paso_live_stop(live: number): void;
  paso_live_keep(live: number, bytes: number): void;
  paso_live_fault(live: number): number;
  paso_live_fault_text(live: number): number;
  paso_live_fault_day(live: number): number;
  paso_live_fault_member(live: number): number;
}

/** Days count from 1970-01-01; values are in the engine's units. */
export interface Step { lever: number; cell: number; day: number; value: number }
export interface Plan { policy: number; steps: Step[]; from: number; until: number; knownUntil: number }
/** Numbers of an observable within a member: [cells][periods], from `at` on. */
export interface Slot { at: number; cells: number; days: number[] }

/** Written by another version of Paso, or of another corridor, than the rest of the page. */
export const mixed = (file: string) => `the page's files are not of one version (${file}): load it again, or have paso site write it anew`;

/** A sentence for people; the module is still good. */
export class Refused extends Error {}

/* What any version has, and what the latest ones brought. */
const needed = ["_initialize", "paso_live_open", "paso_live_go", "paso_live_keep"];
const goesOn = 1, outOfMemory = -500, model = -100; // PASO_STOPPED and others, include/paso/status.h

export const isoDay = (d: number) => new Date(d * 86400000).toISOString().slice(0, 10);

export class Module {
  private planned = "";
  private constructor(private e: Exports, private live: number) {}

  static async open(wasm: BufferSource, program: Uint8Array, state: Uint8Array): Promise<Module> {
    const { instance } = await WebAssembly.instantiate(wasm, {});
    if (needed.some((name) => !(name in instance.exports))) throw new Refused(mixed("paso.wasm"));
    const e = instance.exports as unknown as Exports;
    e._initialize();
    const at = Module.put(e, program);
    const live = e.paso_live_open(at, program.length);
    e.paso_live_release(at);
    if (!live) throw new Refused(mixed("program.bin"));
    if (state.length) {
      const states = Module.put(e, state);
      const status = e.paso_live_states(live, states, state.length);
      e.paso_live_release(states);
      if (status) throw new Refused(mixed("state.bin"));
    }
    return new Module(e, live);
  }

  private static put(e: Exports, bytes: Uint8Array): number {
    const at = e.paso_live_allocate(bytes.length);
    if (!at) throw new Refused("the browser gives no more memory");
    new Uint8Array(e.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  private text(at: number): string {
    const bytes = new Uint8Array(this.e.memory.buffer, at);
    return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
  }

  private must(status: number): void {
    if (!status) return;
    if (status === outOfMemory) throw new Refused("the browser gives no more memory: run fewer members");
    if (status !== model) throw new Refused(`the engine refused these settings (${status})`);
    const { e, live } = this, name = this.text(e.paso_live_fault(live)) || "a count";
    const where = `member ${e.paso_live_fault_member(live)} on ${isoDay(e.paso_live_fault_day(live))}`;
    throw new Refused(`${name} ${this.text(e.paso_live_fault_text(live))}, ${where}`);
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

  /** Members first to first + n - 1, one after the other; undefined when `goOn`, asked every few
   * days, said no. With `keep`, bytes, the next such run of the same members begins where the two
   * part and makes no draw twice. */
  async run(seed: string, first: number, n: number, keep: number, goOn: () => Promise<boolean>): Promise<Float64Array | undefined> {
    const width = this.e.paso_live_n_values(this.live), daysAtOnce = Math.ceil(400 / n);
    const out = this.e.paso_live_allocate(width * n * 8);
    if (!out) throw new Refused("the browser gives no more memory: run fewer members");
    this.e.paso_live_keep(this.live, keep);
    try {
      this.must(this.e.paso_live_start(this.live, BigInt(seed), first, n, out));
      for (let status = goesOn; status === goesOn;) {
        status = this.e.paso_live_go(this.live, daysAtOnce);
        if (status !== goesOn) this.must(status);
        else if (!await goOn()) return undefined;
      }
      return new Float64Array(this.e.memory.buffer, out, width * n).slice();
    } finally {
      this.e.paso_live_stop(this.live);
      this.e.paso_live_release(out);
    }
  }
}
