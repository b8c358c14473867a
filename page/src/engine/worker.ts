/* One worker: a module of its own; runs what it is told, one piece at a time. */
import { Module, type Plan, type Slot } from "./module";

export type Ask =
  | { kind: "open"; wasm: ArrayBuffer; program: ArrayBuffer; state: ArrayBuffer }
  | { kind: "run"; id: number; plan: Plan; seed: string; first: number; n: number; observables: number };
export type Told =
  | { kind: "ready" }
  | { kind: "ran"; id: number; values: Float64Array; layout: Slot[] }
  | { kind: "failed"; id: number; message: string };

let module: Module | undefined;

async function answer(ask: Ask): Promise<void> {
  const id = ask.kind === "run" ? ask.id : -1;
  try {
    if (ask.kind === "open") {
      module = await Module.open(ask.wasm, new Uint8Array(ask.program), new Uint8Array(ask.state));
      postMessage({ kind: "ready" } satisfies Told);
      return;
    }
    if (!module) throw new Error("the engine is not open");
    module.plan(ask.plan);
    const values = module.run(ask.seed, ask.first, ask.n);
    const told: Told = { kind: "ran", id, values, layout: module.layout(ask.observables) };
    postMessage(told, { transfer: [values.buffer] });
  } catch (error) {
    postMessage({ kind: "failed", id, message: String(error instanceof Error ? error.message : error) } satisfies Told);
  }
}

onmessage = (event: MessageEvent<Ask>) => void answer(event.data);
