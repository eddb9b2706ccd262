import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listStories, type StoryDetail } from "~/api/stories";
import { likest } from "~/lib/story-likeness";
import { useStoryChanges } from "~/state/use-story-changes";
import { Answers, Dialog } from "../dialog";
import { Loading } from "../loading";
import { Notice } from "../notice";
import { PageError } from "../page-error";
import { Time } from "../time";
import { useProblemText } from "../use-problem-text";
import css from "./stories.module.css";

/** As many as the server gives. */
const ASKED = 200;
const SHOWN = 12;
const DAY_MS = 86_400_000;

/** Which story this one is the same as: those that read most like it first. Asks, because it is taken back only post by post. */
export function MergeWith({ story, onClose }: { story: StoryDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const { merge } = useStoryChanges();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const from = new Date(Date.parse(story.first_at) - 30 * DAY_MS).toISOString();
  const query = useQuery({
    queryKey: ["stories", "beside", story.id],
    queryFn: ({ signal }) => listStories({ order: "largest", from, limit: ASKED }, signal),
    staleTime: 30_000,
  });
  const others = likest(
    (query.data?.items ?? []).filter(({ id }) => id !== story.id),
    text.trim() || story.title,
    SHOWN,
  );

  const apply = async () => {
    if (!chosen) return;
    setBusy(true);
    setError(null);
    try {
      await merge(story.id, chosen);
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <Dialog opened onClose={onClose} title={t("stories.mergeTitle")} size={640}>
      <form
        className={css.merge}
        onSubmit={(event) => {
          event.preventDefault();
          void apply();
        }}
      >
        <p className="dim">{t("stories.mergeText")}</p>
        <input
          type="search"
          className="field"
          value={text}
          data-autofocus
          placeholder={t("stories.find")}
          aria-label={t("stories.find")}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {query.isPending && <Loading />}
        {query.isError && <PageError error={query.error} reset={() => void query.refetch()} />}
        {query.isSuccess && others.length === 0 && <p className="dim">{t("stories.noOthers")}</p>}
        {others.length > 0 && (
          <fieldset className={css.candidates}>
            <legend className="hidden">{t("stories.candidates")}</legend>
            {others.map((one) => (
              <label key={one.id} className={css.candidate}>
                <input type="radio" name="story" checked={chosen === one.id} onChange={() => setChosen(one.id)} />
                <span className={css.title}>{one.title}</span>
                <span className={css.facts}>
                  {t("stories.posts", { count: one.posts })} · <Time at={one.last_at} />
                </span>
              </label>
            ))}
          </fieldset>
        )}
        {error !== null && <Notice kind="error">{problem(error)}</Notice>}
        <Answers>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={chosen === null} loading={busy}>
            {t("stories.merge")}
          </Button>
        </Answers>
      </form>
    </Dialog>
  );
}
