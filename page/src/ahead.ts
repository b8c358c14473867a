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
  let held = false, back = false, over: string | undefined, settling: ReturnType<typeof setTimeout> | undefined;
  let guess: typeof app.guess = null;

  function tell(values: (() => string[]) | null): void {
    const mine = app.guess === guess;
    guess = values && (() => values().map(change));
    if (guess || mine) app.guess = guess;
  }
  const rest = () => tell(held ? () => byKey(control, back) : null);
  function point(value: string | undefined, wait: number): void {
    if (value === over) return;
    over = value;
    clearTimeout(settling);
    settling = setTimeout(() => (value === undefined ? rest() : tell(() => [value])), wait);
  }
  const on: Record<string, (e: never) => void> = {
    focus: () => { held = true; rest(); },
    blur: () => { held = false; rest(); },
    keydown: (e: KeyboardEvent) => {
      if (/^Arrow/.test(e.key)) back = e.key === "ArrowLeft" || e.key === (control instanceof HTMLSelectElement ? "ArrowUp" : "ArrowDown");
    },
    pointermove: (e: PointerEvent) => point(e.buttons || e.pointerType === "touch" ? undefined : byClick(control, e.clientX), settled),
    pointerdown: () => point(undefined, 0),
    pointerleave: () => point(undefined, 0),
  };
  for (const [name, call] of Object.entries(on)) control.addEventListener(name, call as EventListener);
  return { destroy: () => { held = false; clearTimeout(settling); rest(); } };
}
