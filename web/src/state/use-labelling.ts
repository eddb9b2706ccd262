import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { answerLabel, labellingQuery, nextToLabel, type ToLabel, undoLabel } from "~/api/labelling";
import { answerOf, BLANK, complete, type Draft, type Press, pressed } from "~/lib/labelling";

interface Past {
  card: ToLabel;
  draft: Draft;
  seconds: number;
  skipped: boolean;
}

export type GamePhase = "loading" | "card" | "sending" | "done" | "failed";

/** One sitting of the game: the card, what is said of it, and what was said before, to be taken back one by one. */
export function useLabelling() {
  const cache = useQueryClient();
  const [phase, setPhase] = useState<GamePhase>("loading");
  const [card, setCard] = useState<ToLabel | null>(null);
  const [draft, setDraft] = useState<Draft>(BLANK);
  const [past, setPast] = useState<Past[]>([]);
  const [error, setError] = useState<unknown>(null);
  const shownAt = useRef(0);

  const show = useCallback((next: ToLabel | null | undefined, said: Draft = BLANK) => {
    setCard(next ?? null);
    setDraft(said);
    setPhase(next ? "card" : "done");
    shownAt.current = performance.now();
  }, []);

  const start = useCallback(async () => {
    setPhase("loading");
    setError(null);
    try {
      show(await nextToLabel());
    } catch (failure) {
      setError(failure);
      setPhase("failed");
    }
  }, [show]);

  const send = async (skipped: boolean) => {
    if (!card || phase !== "card" || (!skipped && !complete(draft))) return;
    const seconds = (performance.now() - shownAt.current) / 1000;
    setPhase("sending");
    setError(null);
    try {
      const next = await answerLabel(card.audit_id, answerOf(draft, seconds, skipped));
      setPast((before) => [...before, { card, draft, seconds, skipped }]);
      show(next);
      void cache.invalidateQueries({ queryKey: labellingQuery.queryKey });
    } catch (failure) {
      // What was said stays, to be sent again.
      setError(failure);
      setPhase("card");
    }
  };

  const undo = async () => {
    const last = past.at(-1);
    if (!last || phase === "sending") return;
    setPhase("sending");
    try {
      await undoLabel(last.card.audit_id);
      setPast((before) => before.slice(0, -1));
      setError(null);
      show(last.card, last.draft);
      void cache.invalidateQueries({ queryKey: labellingQuery.queryKey });
    } catch (failure) {
      setError(failure);
      setPhase(card ? "card" : "done");
    }
  };

  const press = (what: Press) => {
    if ("set" in what) {
      if (phase === "card") setDraft((before) => pressed(before, what));
    } else if (what.go === "next") void send(false);
    else if (what.go === "skip") void send(true);
    else if (what.go === "undo") void undo();
  };

  return { phase, card, draft, past, error, start, press };
}

export type Game = ReturnType<typeof useLabelling>;
