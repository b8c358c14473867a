/* What the reader is about to set, as far as a control with the keyboard or under the pointer tells. */
import { app, type Guess } from "./store.svelte";

type Control = HTMLInputElement | HTMLSelectElement;
const settled = 60;   // milliseconds on one value
const thumb = 16;     // pixels of a slider's; where a browser has another, some guesses are a step beside

/* The browser's own rounding, asked of a copy. */
function rounded(slider: HTMLInputElement, set: (copy: HTMLInputElement) => void): string {
  const copy = slider.cloneNode() as HTMLInputElement;
  set(copy);
  return copy.value;
}

/* By the arrow keys, the way that the last one went first. */
function byKey(control: Control, back: boolean): string[] {
  const both = (up: string | undefined, down: string | undefined) =>
    (back ? [down, up] : [up, down]).filter((x): x is string => x !== undefined && x !== control.value);
  if (control instanceof HTMLSelectElement) {
    const { options, selectedIndex: at } = control;
    return both(options[at + 1]?.value, options[at - 1]?.value);
  }
  if (control.type === "checkbox") return [control.checked ? "0" : "1"];
  return both(rounded(control, (copy) => copy.stepUp()), rounded(control, (copy) => copy.stepDown()));
}

/* By a click there; a slider's thumb is taken hold of and stays. */
function byClick(control: Control, x: number): string | undefined {
  if (control instanceof HTMLSelectElement) return undefined;
  if (control.type === "checkbox") return byKey(control, false)[0];
  const box = control.getBoundingClientRect(), low = Number(control.min), high = Number(control.max);
  const at = x - box.left - thumb / 2, wide = box.width - thumb;
  if (Math.abs(at - (wide * (control.valueAsNumber - low)) / (high - low)) <= thumb / 2) return undefined;
  const value = low + Math.min(1, Math.max(0, at / wide)) * (high - low);
  return rounded(control, (copy) => (copy.value = String(value)));
}

/** An action: tells the store what the control would set; `change` is what its handler asks for. */
export function ahead(control: Control, change: (value: string) => Guess) {
  let back = false, over: string | undefined, settling: ReturnType<typeof setTimeout> | undefined;
  let pointed: typeof app.pointed = null;
  const held = () => byKey(control, back).map(change);

  function point(value: string | undefined): void {
    if (value === over) return;
    over = value;
    clearTimeout(settling);
    if (value !== undefined) settling = setTimeout(() => {
      app.keyed = false;
      app.pointed = pointed = () => [change(value)];
    }, settled);
    else if (app.pointed === pointed) app.pointed = null;
  }
  function blur(): void { if (app.held === held) app.held = null; }
  const on: Record<string, (e: never) => void> = {
    blur,
    focus: () => (app.held = held),
    keydown: (e: KeyboardEvent) => {
      app.keyed = true;
      if (/^Arrow/.test(e.key)) back = e.key === "ArrowLeft" || e.key === (control instanceof HTMLSelectElement ? "ArrowUp" : "ArrowDown");
    },
    pointerdown: () => (app.keyed = false),
    pointermove: (e: PointerEvent) => point(e.buttons || e.pointerType === "touch" ? undefined : byClick(control, e.clientX)),
    pointerleave: () => point(undefined),
  };
  for (const [name, call] of Object.entries(on)) control.addEventListener(name, call as EventListener);
  return { destroy: () => { blur(); point(undefined); } };
}
