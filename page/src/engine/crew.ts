/* The workers: opened once, told one thing at a time, replaced when one breaks. */
import type { Ask, Told } from "./worker";

type Work = Exclude<Ask, { kind: "stop" }>;

export class Hand {
  private worker: Worker | undefined;
  private busy = false;
  constructor(private parts: ArrayBuffer[], private make: () => Worker) {}

  private ask(worker: Worker, what: Work): Promise<Told> {
    this.busy = true;
    return new Promise<Told>((resolve) => {
      worker.onmessage = (event: MessageEvent<Told>) => resolve(event.data);
      worker.onmessageerror = () => resolve({ kind: "failed", message: "the engine's answer was lost", dead: true });
      worker.onerror = (event) => {
        event.preventDefault?.();
        resolve({ kind: "failed", message: `the engine did not start (${event.message || "its file is missing"})`, dead: true });
      };
      worker.postMessage(what);
    }).finally(() => (this.busy = false));
  }

  private async open(): Promise<Worker> {
    if (this.worker) return this.worker;
    const worker = this.make(), [wasm, program, state] = this.parts;
    const told = await this.ask(worker, { kind: "open", wasm, program, state });
    if (told.kind !== "ready") {
      worker.terminate();
      throw new Error(told.kind === "failed" ? told.message : "the engine did not start");
    }
    return (this.worker = worker);
  }

  /** What a worker tells; it rejects with a sentence for people. */
  async tell(what: Work): Promise<Told> {
    const worker = await this.open(), told = await this.ask(worker, what);
    if (told.kind !== "failed") return told;
    if (told.dead) this.end();
    throw new Error(told.message);
  }

  stop(): void {
    if (this.busy) this.worker?.postMessage({ kind: "stop" } satisfies Ask);
  }

  end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }
}
