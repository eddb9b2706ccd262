import { createStore } from "./store";

/** Whether the server answers. While it does not, a probe goes out after growing waits and the page shows the countdown. */
export type Connection = { up: true } | { up: false; attempt: number; nextTryAt: number };

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

export const connection = createStore<Connection>({ up: true });

let timer: ReturnType<typeof setTimeout> | undefined;
const onBack = new Set<() => void>();

/** Runs when the server answers again after having been away. */
export function whenBack(action: () => void): () => void {
  onBack.add(action);
  return () => onBack.delete(action);
}

function waitBefore(attempt: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
}

export function reachable(): void {
  if (connection.get().up) return;
  clearTimeout(timer);
  connection.set({ up: true });
  for (const action of onBack) action();
}

export function unreachable(): void {
  if (connection.get().up) plan(0);
}

export async function tryNow(): Promise<void> {
  clearTimeout(timer);
  const state = connection.get();
  if (state.up) return;
  try {
    const response = await fetch("/healthz", { cache: "no-store" });
    if (response.ok) {
      reachable();
      return;
    }
  } catch {
    // Still away; the next try is planned below.
  }
  plan(state.attempt + 1);
}

function plan(attempt: number): void {
  clearTimeout(timer);
  const wait = waitBefore(attempt);
  connection.set({ up: false, attempt, nextTryAt: Date.now() + wait });
  timer = setTimeout(() => void tryNow(), wait);
}
