import { createStore } from "./store";

export interface Toast {
  id: number;
  kind: "done" | "error";
  text: string;
  /** Takes the action back. */
  undo?: () => void;
}

/** How long an action can be taken back. */
export const UNDO_MS = 8_000;
const MOST = 3;

export const toasts = createStore<Toast[]>([]);

let nextId = 1;

export function showToast(toast: Omit<Toast, "id">): number {
  const id = nextId++;
  toasts.set([...toasts.get(), { ...toast, id }].slice(-MOST));
  setTimeout(() => dropToast(id), UNDO_MS);
  return id;
}

export function dropToast(id: number): void {
  const rest = toasts.get().filter((toast) => toast.id !== id);
  if (rest.length !== toasts.get().length) toasts.set(rest);
}

/** Takes back the newest action that still can be. */
export function undoLast(): boolean {
  const toast = toasts.get().findLast((one) => one.undo);
  if (!toast) return false;
  dropToast(toast.id);
  toast.undo?.();
  return true;
}
