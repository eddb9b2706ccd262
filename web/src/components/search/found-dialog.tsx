import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { changeFound, countSearch } from "~/api/archive";
import { isProblem } from "~/api/problem";
import type { Mention, Tone } from "~/api/types";
import { applied, type Judgement } from "~/lib/mention-change";
import type { Selection } from "~/lib/selection";
import { patchCaches } from "~/state/judge";
import { showToast } from "~/state/toasts";
import { Answers, Dialog } from "../dialog";
import { Notice } from "../notice";
import { TONE_SIGNS } from "../tone";
import { useProblemText } from "../use-problem-text";
import css from "./search.module.css";

/** Most that can be changed at once. */
const MOST = 10_000;

const ACTIONS = [
  "kept",
  "binned",
  "new",
  "negative",
  "neutral",
  "positive",
  "toneless",
  "spam",
  "notSpam",
  "tag",
  "untag",
] as const;
type Action = (typeof ACTIONS)[number];

interface FoundDialogProps {
  selection: Selection;
  count: number;
  /** Those of them that are loaded: they change on the screen at once. */
  listed: readonly Mention[];
  onClose: () => void;
}

/** One change for everything that is found: says how many, asks, and tells what came of it. */
export function FoundDialog({ selection, count, listed, onClose }: FoundDialogProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [expected, setExpected] = useState(count);
  const [recounted, setRecounted] = useState(false);
  const [action, setAction] = useState<Action>("kept");
  const [tag, setTag] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const change = changeOf(action, tag);
  const tooMany = expected > MOST;

  const run = async (event: FormEvent) => {
    event.preventDefault();
    if (!change || busy || tooMany) return;
    setBusy(true);
    setError(null);
    try {
      const { changed } = await changeFound({ selection, change, expected });
      patchCaches(
        cache,
        listed.map((mention) => applied(mention, change)),
      );
      showToast({ kind: "done", text: t("search.found.done", { count: changed }) });
      void cache.invalidateQueries({ queryKey: ["search"] });
      void cache.invalidateQueries({ queryKey: ["tags"] });
      onClose();
    } catch (failure) {
      if (isProblem(failure, "count_changed")) {
        const now = await countSearch(selection).catch(() => null);
        if (now) setExpected(now.count);
        setRecounted(true);
      } else setError(failure);
      setBusy(false);
    }
  };

  return (
    <Dialog opened onClose={() => !busy && onClose()} title={t("search.found.title", { count: expected })}>
      <form onSubmit={(event) => void run(event)} className={css.foundForm}>
        {recounted && <Notice kind="warning">{t("search.found.recounted", { count: expected })}</Notice>}
        <label className={css.foundField}>
          <span>{t("search.found.what")}</span>
          <select className="field" value={action} onChange={(event) => setAction(event.currentTarget.value as Action)}>
            {ACTIONS.map((one) => (
              <option key={one} value={one}>
                {one === "negative" || one === "neutral" || one === "positive"
                  ? `${t("tone.title")}: ${TONE_SIGNS[one]} ${t(`tone.${one}`)}`
                  : t(`search.found.actions.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {(action === "tag" || action === "untag") && (
          <label className={css.foundField}>
            <span>{t("search.found.tag")}</span>
            <input
              className="field"
              list="known-tags"
              maxLength={64}
              value={tag}
              onChange={(event) => setTag(event.currentTarget.value)}
            />
          </label>
        )}
        {tooMany ? (
          <Notice kind="warning">{t("search.found.tooMany", { most: MOST })}</Notice>
        ) : (
          <p className="dim">{t("search.found.noUndo")}</p>
        )}
        {busy && (
          <p className={css.foundBusy} role="status">
            <progress aria-label={t("search.found.working", { count: expected })} />
            {t("search.found.working", { count: expected })}
          </p>
        )}
        {error !== null && <Notice kind="error">{problemText(error)}</Notice>}
        <Answers>
          <Button variant="default" disabled={busy} onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            type="submit"
            color={action === "binned" ? "red" : undefined}
            loading={busy}
            disabled={!change || tooMany || expected === 0}
          >
            {t("search.found.run", { count: expected })}
          </Button>
        </Answers>
      </form>
    </Dialog>
  );
}

function changeOf(action: Action, tag: string): Judgement | null {
  const name = tag.trim().replace(/^#/, "");
  switch (action) {
    case "kept":
    case "binned":
    case "new":
      return { state: action };
    case "toneless":
      return { tone: null };
    case "spam":
    case "notSpam":
      return { spam: action === "spam" };
    case "tag":
      return name ? { add_tags: [name] } : null;
    case "untag":
      return name ? { remove_tags: [name] } : null;
    default:
      return { tone: action satisfies Tone };
  }
}
