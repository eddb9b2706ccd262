import { send } from "~/api/client";
import { frameReader } from "~/api/event-stream";
import type { LogEvent } from "~/api/types";
import { createStore } from "./store";

/** How the live connection stands. */
export interface Live {
  phase: "connecting" | "open" | "lost";
  /** Seconds from the change to this screen, of the newest event; `null` before the first. */
  lagSeconds: number | null;
}

type Listener = (event: LogEvent) => void;

/** The server pings every 15 s; twice that without a word means that the connection is dead. */
const SILENCE_MS = 35_000;
const LONGEST_WAIT_MS = 15_000;
const PLACE = "molva.last-event";

export const live = createStore<Live>({ phase: "connecting", lagSeconds: null });

const listeners = new Set<Listener>();
const onReset = new Set<() => void>();
let running: AbortController | undefined;

export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Runs when the server can no longer tell what was missed, and everything must be asked for anew. */
export function onLiveReset(action: () => void): () => void {
  onReset.add(action);
  return () => onReset.delete(action);
}

export function startLive(): () => void {
  const control = new AbortController();
  running?.abort();
  running = control;
  void keepListening(control.signal);
  return () => control.abort();
}

async function keepListening(signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await listen(signal, () => {
        failures = 0;
      });
    } catch {
      // Whatever it was, the way on is the same: wait a little and resume after the last event.
    }
    if (signal.aborted) return;
    live.set({ ...live.get(), phase: "lost" });
    await sleep(Math.min(500 * 2 ** failures, LONGEST_WAIT_MS), signal);
    failures += 1;
  }
}

async function listen(signal: AbortSignal, onOpen: () => void): Promise<void> {
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  signal.addEventListener("abort", stop);
  let watchdog = setTimeout(stop, SILENCE_MS);
  try {
    const headers: Record<string, string> = { accept: "text/event-stream" };
    const last = lastEvent();
    if (last) headers["last-event-id"] = last;
    const request = new Request(new URL("/api/events", location.origin), {
      headers,
      signal: attempt.signal,
      cache: "no-store",
    });
    const response = await send(request);
    if (!response.ok || !response.body) throw new Error(`events answered ${response.status}`);
    onOpen();
    live.set({ ...live.get(), phase: "open" });
    const read = frameReader();
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(stop, SILENCE_MS);
      for (const frame of read(decoder.decode(value, { stream: true }))) take(frame.event, frame.id, frame.data);
    }
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener("abort", stop);
    attempt.abort();
  }
}

function take(kind: string, id: string | null, data: string): void {
  if (id) remember(id);
  if (kind === "ping" || kind === "hello") return;
  if (kind === "reset") {
    for (const action of onReset) action();
    return;
  }
  const parsed: unknown = JSON.parse(data);
  for (const event of (Array.isArray(parsed) ? parsed : [parsed]) as LogEvent[]) {
    showLag(event.at);
    for (const listener of listeners) listener(event);
  }
}

/** The figure in the top bar need not flicker with every event of a flood. */
const LAG_EVERY_MS = 500;
let lagShownAt = 0;

function showLag(at: string): void {
  const now = Date.now();
  if (now - lagShownAt < LAG_EVERY_MS) return;
  lagShownAt = now;
  live.set({ phase: "open", lagSeconds: Math.max(0, (now - Date.parse(at)) / 1000) });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The place in the log belongs to this tab and outlives a reload. */
function lastEvent(): string | null {
  return sessionStorage.getItem(PLACE);
}

function remember(id: string): void {
  sessionStorage.setItem(PLACE, id);
}

export function forgetPlace(): void {
  sessionStorage.removeItem(PLACE);
}
