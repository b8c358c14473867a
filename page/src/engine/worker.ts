/* One worker: a module of its own; runs what it is told, one piece at a time, and looks up from its
 * work every few days for a word to stop. */
import { Module, Refused, type Plan, type Slot } from "./module";

export type Ask =
  | { kind: "open"; wasm: ArrayBuffer; program: ArrayBuffer; state: ArrayBuffer }
  | { kind: "layout"; plan: Plan; observables: number }
  | { kind: "run"; plan: Plan; seed: string; first: number; n: number; keep: number; observables: number }
  | { kind: "stop" };
/** dead: the module is no longer good, as after a trap. */
export type Told =
  | { kind: "ready" }
  | { kind: "layout"; layout: Slot[] }
  | { kind: "ran"; values: Float64Array; layout: Slot[] }
  | { kind: "stopped" }
  | { kind: "failed"; message: string; dead: boolean };

let module: Module | undefined;
let stopped = false;

/* Messages wait until the work is left; a channel of its own comes back at once, timers do not. */
const channel = new MessageChannel();
let back: (() => void) | undefined;
channel.port1.onmessage = () => back?.();

function goOn(): Promise<boolean> {
  return new Promise((resolve) => {
    back = () => resolve(!stopped);
    channel.port2.postMessage(0);
  });
}

async function work(ask: Exclude<Ask, { kind: "stop" }>): Promise<Told> {
  if (ask.kind === "open") {
    module = await Module.open(ask.wasm, new Uint8Array(ask.program), new Uint8Array(ask.state));
    return { kind: "ready" };
  }
  if (!module) throw new Error("the engine is not open");
  stopped = false;
  module.plan(ask.plan);
  if (ask.kind === "layout") return { kind: "layout", layout: module.layout(ask.observables) };
  const values = await module.run(ask.seed, ask.first, ask.n, ask.keep, goOn);
  return values ? { kind: "ran", values, layout: module.layout(ask.observables) } : { kind: "stopped" };
}

function failed(error: unknown): Told {
  if (error instanceof Refused) return { kind: "failed", message: error.message, dead: false };
  module = undefined;
  return { kind: "failed", message: `the engine broke down (${error instanceof Error ? error.message : error})`, dead: true };
}

onmessage = async (event: MessageEvent<Ask>) => {
  if (event.data.kind === "stop") {
    stopped = true;
    return;
  }
  const told = await work(event.data).catch(failed);
  postMessage(told, told.kind === "ran" ? { transfer: [told.values.buffer] } : {});
};
