import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Story } from "~/api/stories";
import { Answers, Dialog } from "../dialog";
import { Notice } from "../notice";
import { useProblemText } from "../use-problem-text";
import css from "./stories.module.css";

interface MergeDialogProps {
  stories: readonly Pick<Story, "id" | "title" | "posts">[];
  onMerge: () => Promise<void>;
  onClose: () => void;
}

/** Asks before two stories become one: that is taken back only post by post. */
export function MergeDialog({ stories, onMerge, onClose }: MergeDialogProps) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const merge = async () => {
    setBusy(true);
    setError(null);
    try {
      await onMerge();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog opened onClose={onClose} title={t("stories.mergeTitle")}>
      <p>{t("stories.mergeText")}</p>
      <ul className={css.both}>
        {stories.map((story) => (
          <li key={story.id}>
            <q>{story.title}</q> <span className="dim">{t("stories.posts", { count: story.posts })}</span>
          </li>
        ))}
      </ul>
      {error !== null && <Notice kind="error">{problem(error)}</Notice>}
      <Answers>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button loading={busy} onClick={() => void merge()}>
          {t("stories.merge")}
        </Button>
      </Answers>
    </Dialog>
  );
}
