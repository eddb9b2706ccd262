import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { answerLabel, labellingQuery, nextToLabel, type ToLabel, undoLabel } from "~/api/labelling";
import type { MentionChange } from "~/api/types";
import { answerOf, BLANK, complete, type Draft, type Press, pressed } from "~/lib/labelling";
import { applyAnswer, takeBack } from "./apply-answer";
import { applyPreference } from "./preferences";

/** How it stands with setting an answer on its mention. */
export type Applied = "no" | "yes" | "failed";

export interface Past {
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
  const [applied, setApplied] = useState<ReadonlyMap<string, Applied>>(new Map());
  const shownAt = useRef(0);
  /** What takes the answers back from their mentions, one after the other. */
  const ways = useRef(new Map<string, Promise<MentionChange[]>>());

  const note = useCallback((id: string, state: Applied) => setApplied((before) => new Map(before).set(id, state)), []);
  const apply = useCallback(
    ({ card: { audit_id: id, mention_id }, draft: said, skipped }: Past) => {
      if (skipped || ways.current.has(id)) return;
      const way = applyAnswer(cache, mention_id, said);
      ways.current.set(id, way);
      note(id, "yes");
      way.catch(() => {
        ways.current.delete(id);
        note(id, "failed");
      });
    },
    [cache, note],
  );
  const unapply = useCallback(
    ({ card: { audit_id: id } }: Past) => {
      const way = ways.current.get(id);
      ways.current.delete(id);
      note(id, "no");
      way?.then((back) => takeBack(cache, back)).catch(() => note(id, "failed"));
    },
    [cache, note],
  );

  const show = useCallback((next: ToLabel | null | undefined, said: Draft = BLANK) => {
    setCard(next ?? null);
    setDraft(said);
    setPhase(next ? "card" : "done");
    shownAt.current = performance.now();
  }, []);

  const start = useCallback(async () => {
    setPhase("loading");
    setPast([]);
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
      const said: Past = { card, draft, seconds, skipped };
      setPast((before) => [...before, said]);
      if (applyPreference.get() === "on") apply(said);
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
      unapply(last);
      setPast((before) => before.slice(0, -1));
      setError(null);
      show(last.card, last.draft);
      void cache.invalidateQueries({ queryKey: labellingQuery.queryKey });
    } catch (failure) {
      setError(failure);
      setPhase(card ? "card" : "done");
    }
  };

  /** From now on, and for the answer just given; the same again takes that back. */
  const switchApplying = () => {
    const last = past.at(-1);
    if (!last) return;
    const on = applyPreference.get() !== "on";
    applyPreference.set(on ? "on" : "off");
    if (on) apply(last);
    else unapply(last);
  };

  const press = (what: Press) => {
    if ("set" in what) {
      if (phase === "card") setDraft((before) => pressed(before, what));
    } else if (what.go === "next") void send(false);
    else if (what.go === "skip") void send(true);
    else if (what.go === "undo") void undo();
    else if (what.go === "apply") switchApplying();
  };

  return { phase, card, draft, past, applied, error, start, press };
}

export type Game = ReturnType<typeof useLabelling>;
