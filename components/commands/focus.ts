// Brings the keyboard to a part of the page. Parts are marked `data-part`; within one, what is marked `data-part-focus` takes the focus, else what is pressed, else the first that can.
import { type Part, showPart } from './overlay';

const CANDIDATES = ['[data-part-focus]', '[aria-pressed="true"]', 'button, [tabindex="0"], input'];

export function focusPart(part: Part): void {
  showPart(part);
  // A part that is not drawn yet (a narrow page shows one at a time) is there in the next frame.
  if (!focusWithin(part)) requestAnimationFrame(() => focusWithin(part));
}

function focusWithin(part: Part): boolean {
  const place = document.querySelector<HTMLElement>(`[data-part="${part}"]`);
  if (place === null) return false;
  const found = CANDIDATES.map((one) => place.querySelector<HTMLElement>(one)).find(Boolean);
  (found ?? place).focus();
  return true;
}

/** Presses the button marked `data-command` with this name, and says whether there was one to press. */
export function pressButton(name: string): void {
  const button = document.querySelector<HTMLButtonElement>(`[data-command="${name}"]`);
  button?.focus();
  button?.click();
}

export const focusField = (name: string): void =>
  document.querySelector<HTMLElement>(`[data-field="${name}"]`)?.focus();
