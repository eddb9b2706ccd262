import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "~/api/queries";
import { createAnnotation, deleteAnnotation, updateAnnotation } from "~/api/questions";
import type { Annotation, AnnotationDraft, Stretch } from "~/lib/questions/shapes";
import { localTime, momentOf } from "~/lib/questions/wall-clock";
import { showToast } from "~/state/toasts";
import { Answers, Dialog } from "../dialog";
import { Icon } from "../icon";
import { Notice } from "../notice";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import css from "./annotations.module.css";
import { useQuestions } from "./context";

const LONGEST = 500;

interface AnnotationsProps {
  notes: readonly Annotation[];
  zone: string;
  buckets: readonly Stretch[];
}

/** What happened when: notes of people, as flags on the time line. */
export function Annotations({ notes, zone, buckets }: AnnotationsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { topics } = useQuestions();
  const cache = useQueryClient();
  const problem = useProblemText();
  const me = useQuery(sessionQuery).data;
  const [edited, setEdited] = useState<Annotation | "new" | null>(null);
  const newest = [...notes].sort((a, b) => b.at.localeCompare(a.at));
  const refresh = () => cache.invalidateQueries({ queryKey: ["annotations"] });
  const at = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: zone });

  const remove = async (note: Annotation) => {
    try {
      await deleteAnnotation(note.id);
      showToast({
        kind: "done",
        text: t("questions.notes.deleted"),
        undo: () => void createAnnotation(draftOf(note)).then(refresh, () => {}),
      });
    } catch (error) {
      showToast({ kind: "error", text: problem(error) });
    }
    await refresh();
  };

  return (
    <section className={css.notes} aria-labelledby="notes-title">
      <div className={css.head}>
        <h3 id="notes-title">{t("questions.notes.title")}</h3>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="flag" size={14} />}
          onClick={() => setEdited("new")}
        >
          {t("questions.notes.add")}
        </Button>
      </div>
      {newest.length === 0 && <p className={css.none}>{t("questions.notes.none")}</p>}
      <ol className={css.list}>
        {newest.map((note) => (
          <li key={note.id}>
            <Icon name="flag" size={14} className={css.flag} />
            <div className={css.what}>
              <p>{note.text}</p>
              <p className={css.when}>
                {note.until
                  ? at.formatRange(Date.parse(note.at), Date.parse(note.until))
                  : at.format(Date.parse(note.at))}
                {" · "}
                {note.author.name}
                {note.topic_id && ` · ${topics.find((topic) => topic.id === note.topic_id)?.name ?? ""}`}
              </p>
            </div>
            {me && (
              <span className={css.acts}>
                <button
                  type="button"
                  className="bare"
                  aria-label={t("questions.notes.edit", { text: note.text })}
                  title={t("questions.notes.edit", { text: "" }).trim()}
                  onClick={() => setEdited(note)}
                >
                  <Icon name="edit" size={14} />
                </button>
                <button
                  type="button"
                  className="bare"
                  aria-label={t("questions.notes.delete", { text: note.text })}
                  title={t("common.delete")}
                  onClick={() => void remove(note)}
                >
                  <Icon name="bin" size={14} />
                </button>
              </span>
            )}
          </li>
        ))}
      </ol>
      <Dialog
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={t(edited === "new" ? "questions.notes.add" : "questions.notes.change")}
      >
        {edited !== null && (
          <NoteForm
            note={edited === "new" ? null : edited}
            zone={zone}
            start={buckets.at(-1)?.from ?? new Date().toISOString()}
            onDone={() => {
              setEdited(null);
              void refresh();
            }}
            onCancel={() => setEdited(null)}
          />
        )}
      </Dialog>
    </section>
  );
}

function draftOf({ at, until, text, topic_id }: Annotation): AnnotationDraft {
  return { at, until, text, topic_id };
}

interface NoteFormProps {
  note: Annotation | null;
  zone: string;
  /** The moment proposed for a new note. */
  start: string;
  onDone: () => void;
  onCancel: () => void;
}

function NoteForm({ note, zone, start, onDone, onCancel }: NoteFormProps) {
  const { t } = useTranslation();
  const { topics, choice } = useQuestions();
  const problem = useProblemText();
  const [text, setText] = useState(note?.text ?? "");
  const [at, setAt] = useState(fieldOf(note?.at ?? start, zone));
  const [until, setUntil] = useState(note?.until ? fieldOf(note.until, zone) : "");
  const [topic, setTopic] = useState(
    note ? (note.topic_id ?? "") : choice.topic?.length === 1 ? (choice.topic[0] ?? "") : "",
  );
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const reversed = until !== "" && at !== "" && until <= at;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const from = momentOfField(at, zone);
    if (!text.trim() || from === null || reversed) return;
    setBusy(true);
    const draft = { text: text.trim(), at: from, until: momentOfField(until, zone), topic_id: topic || null };
    try {
      await (note ? updateAnnotation(note.id, draft) : createAnnotation(draft));
      onDone();
    } catch (error) {
      setFailed(problem(error));
      setBusy(false);
    }
  };

  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <label>
        <span>{t("questions.notes.text")}</span>
        <textarea
          className="field"
          data-autofocus
          required
          rows={3}
          maxLength={LONGEST}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div className={css.times}>
        <label>
          <span>{t("questions.notes.at")}</span>
          <input
            type="datetime-local"
            className="field"
            required
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>{t("questions.notes.until")}</span>
          <input
            type="datetime-local"
            className="field"
            value={until}
            aria-invalid={reversed}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </label>
      </div>
      {reversed && <Notice kind="error">{t("search.period.reversed")}</Notice>}
      <label>
        <span>{t("questions.notes.topic")}</span>
        <select className="field" value={topic} onChange={(event) => setTopic(event.currentTarget.value)}>
          <option value="">{t("questions.notes.allTopics")}</option>
          {topics.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <p className="dim">{t("search.period.zone", { zone })}</p>
      {failed && <Notice kind="error">{failed}</Notice>}
      <Answers>
        <Button variant="default" onClick={onCancel}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={!text.trim() || !at || reversed}>
          {t("common.save")}
        </Button>
      </Answers>
    </form>
  );
}

/** A moment as a date and time field has it: `2026-11-22T14:30`. */
function fieldOf(iso: string, zone: string): string {
  const { year, month, day, hour, minute } = localTime(Date.parse(iso), zone);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

function momentOfField(text: string, zone: string): string | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  return new Date(momentOf({ year, month, day, hour, minute }, zone)).toISOString();
}
