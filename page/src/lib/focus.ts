/* Who goes by keyboard stays where they were. */
import { tick } from "svelte";

/** For a button that goes away, or is switched off, with what it did: the focus is then at `near`. */
export async function stay(near: string): Promise<void> {
  await tick();
  if (document.activeElement === document.body || document.activeElement?.matches(":disabled")) document.querySelector<HTMLElement>(near)?.focus();
}
