import { createStore } from "./store";

export interface Toast {
  id: number;
  kind: "done" | "error";
  text: string;
  /** Takes the action back. */
  undo?: () => void;
}

/** How long an action can be taken back. */
const UNDO_MS = 8_000;
const MOST = 3;

export const toasts = createStore<Toast[]>([]);

let nextId = 1;

/** It stays for `lastsMs`, or as long as most actions can be taken back. */
export function showToast({ lastsMs = UNDO_MS, ...toast }: Omit<Toast, "id"> & { lastsMs?: number }): number {
  const id = nextId++;
  toasts.set([...toasts.get(), { ...toast, id }].slice(-MOST));
  setTimeout(() => dropToast(id), lastsMs);
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
