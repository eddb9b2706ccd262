import { useCallback, useMemo, useState } from "react";
import type { Mention } from "~/api/types";

export const NOTHING: ReadonlySet<string> = new Set();

/** The mentions that are chosen from a list, to do something with all of them. */
export function useChecked(items: readonly Mention[]) {
  const [ids, setIds] = useState(NOTHING);
  const mentions = useMemo(() => items.filter((mention) => ids.has(mention.id)), [items, ids]);
  /** All of a row go together: if one was missing, none is after the next time. */
  const toggle = useCallback(
    (row: readonly Mention[]) =>
      setIds((before) => {
        const next = new Set(before);
        const all = row.every(({ id }) => before.has(id));
        for (const { id } of row) {
          if (all) next.delete(id);
          else next.add(id);
        }
        return next;
      }),
    [],
  );
  const clear = useCallback(() => setIds(NOTHING), []);
  return { ids, mentions, toggle, clear };
}

export type Checked = ReturnType<typeof useChecked>;
