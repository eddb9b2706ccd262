import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useBlocker, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { backfillTopic, createTopic, deleteTopic, updateTopic } from "~/api/operations";
import { isProblem } from "~/api/problem";
import type { Topic, TopicDraft, TopicKind, TopicLevel } from "~/api/types";
import { LEVELS } from "~/lib/topic-levels";
import { showToast } from "~/state/toasts";
import { useQueryCheck } from "~/state/use-query-check";
import { useShortcuts } from "~/state/use-shortcuts";
import { Question } from "../dialog";
import { Icon } from "../icon";
import { Notice } from "../notice";
import { QueryField } from "../query/query-field";
import { useProblemText } from "../use-problem-text";
import css from "./editor.module.css";
import { PreviewPane } from "./preview-pane";

const KINDS: TopicKind[] = ["own", "competitor", "market"];
const EMPTY: TopicDraft = { name: "", level: "brand", kind: "own", query: "" };

/** The query on the left, what it brings on the right. */
export function TopicEditor({ topic }: { topic: Topic | null }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const start = topic ? draftOf(topic) : EMPTY;
  const [draft, setDraft] = useState<TopicDraft>(start);
  const [backfill, setBackfill] = useState(true);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const checked = useQueryCheck(draft.query);

  const dirty = (Object.keys(EMPTY) as (keyof TopicDraft)[]).some((key) => draft[key] !== start[key]);
  const change = (part: Partial<TopicDraft>) => setDraft((before) => ({ ...before, ...part }));
  const leaving = useBlocker({
    shouldBlockFn: () => dirty && !saving,
    withResolver: true,
    enableBeforeUnload: () => dirty,
  });

  const save = async () => {
    if (saving || !draft.name.trim() || checked.blank) return;
    setSaving(true);
    setError(null);
    try {
      const saved = topic ? await updateTopic(topic.id, draft) : await createTopic({ ...draft, backfill });
      if (topic && backfill && draft.query !== start.query) {
        const { added } = await backfillTopic(topic.id);
        showToast({ kind: "done", text: t("editor.backfilled", { count: added }) });
      } else showToast({ kind: "done", text: t("editor.saved", { name: saved.name }) });
      await cache.invalidateQueries({ queryKey: ["topics"] });
      cache.setQueryData(["topic", saved.id], saved);
      await navigate({ to: "/stream", search: { topic: [saved.id] } });
    } catch (failure) {
      setError(failure);
      setSaving(false);
    }
  };

  const remove = async () => {
    if (!topic) return;
    setSaving(true);
    try {
      await deleteTopic(topic.id);
      await cache.invalidateQueries({ queryKey: ["topics"] });
      await navigate({ to: "/topics" });
      showToast({ kind: "done", text: t("editor.deleted", { name: topic.name }) });
    } catch (failure) {
      setError(failure);
      setAsking(false);
      setSaving(false);
    }
  };

  useShortcuts({ save: () => void save() });
  const nameTaken = isProblem(error, "name_taken");

  return (
    <div className={css.editor}>
      <div className={css.left}>
        <div className={css.head}>
          <Link to="/topics" className={css.up}>
            <Icon name="left" /> {t("nav.topics")}
          </Link>
          {topic && (
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
              {t("common.delete")}
            </Button>
          )}
        </div>
        <h1>{topic ? topic.name : t("topics.add")}</h1>
        <TextInput
          label={t("editor.name")}
          required
          maxLength={120}
          data-autofocus={topic ? undefined : true}
          value={draft.name}
          error={nameTaken ? problemText(error) : undefined}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <div className={css.pair}>
          <NativeSelect
            label={t("editor.level")}
            value={draft.level}
            data={LEVELS.map((value) => ({ value, label: t(`topicLevel.${value}`) }))}
            onChange={(event) => change({ level: event.currentTarget.value as TopicLevel })}
          />
          <NativeSelect
            label={t("editor.kind")}
            value={draft.kind}
            data={KINDS.map((value) => ({ value, label: t(`topicKind.${value}`) }))}
            onChange={(event) => change({ kind: event.currentTarget.value as TopicKind })}
          />
        </div>
        <QueryField value={draft.query} checked={checked} onChange={(query) => change({ query })} />
        {(!topic || draft.query !== start.query) && (
          <Switch
            checked={backfill}
            onChange={(event) => setBackfill(event.currentTarget.checked)}
            label={t("editor.backfill")}
            description={t("editor.backfillHint")}
          />
        )}
        {error !== null && !nameTaken && <Notice kind="error">{problemText(error)}</Notice>}
        <div className={css.actions}>
          <Button
            loading={saving}
            disabled={!draft.name.trim() || checked.blank || (topic !== null && !dirty)}
            onClick={() => void save()}
          >
            {topic ? t("common.save") : t("editor.create")}
          </Button>
          <span className="dim">
            <kbd>Ctrl</kbd> <kbd>S</kbd>
          </span>
          {topic && <span className={`dim ${css.version}`}>{t("editor.version", { version: topic.version })}</span>}
        </div>
      </div>
      <PreviewPane checked={checked} />
      <Question
        grave
        opened={asking}
        title={t("editor.deleteTitle", { name: topic?.name ?? "" })}
        yes={t("common.delete")}
        busy={saving}
        onYes={() => void remove()}
        onNo={() => setAsking(false)}
      >
        <p>{t("editor.deleteText", { count: topic?.mentions ?? 0 })}</p>
      </Question>
      <Question
        grave
        opened={leaving.status === "blocked"}
        title={t("editor.unsaved")}
        yes={t("editor.discard")}
        no={t("editor.stay")}
        onYes={() => leaving.proceed?.()}
        onNo={() => leaving.reset?.()}
      >
        <p>{t("editor.unsavedText")}</p>
      </Question>
    </div>
  );
}

/** Lines end with one unit here, as in the editor; a query that came by another way may have two. */
function draftOf({ name, level, kind, query }: Topic): TopicDraft {
  return { name, level, kind, query: query.replace(/\r\n?/g, "\n") };
}
