import { useEffect, useState } from "react";

const SECOND = 1_000;
/** Farther off than this nobody counts seconds. */
const NEAR_MS = 60_000;

/** Seconds until a moment, going down; `null` while it is more than a minute away. Negative ones are 0. */
export function useSecondsUntil(at: string | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  const left = at === null ? null : Date.parse(at) - now;
  const near = left !== null && left < NEAR_MS && left > -SECOND;
  const wait = left === null ? null : near ? SECOND : left > 0 ? Math.min(left - NEAR_MS + SECOND, 600_000) : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each tick plans the next
  useEffect(() => {
    if (wait === null) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.max(wait, 50));
    return () => clearTimeout(timer);
  }, [at, now, wait]);

  if (left === null || left >= NEAR_MS) return null;
  return Math.max(0, Math.ceil(left / SECOND));
}
