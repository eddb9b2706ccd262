import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useBlocker, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { createList, deleteList, updateList } from "~/api/operations";
import { isProblem } from "~/api/problem";
import type { List, ListKind, NewList } from "~/api/types";
import { entryOf, lineSpan, MOST_ENTRIES, readEntries } from "~/lib/list-entries";
import { showToast } from "~/state/toasts";
import { useShortcuts } from "~/state/use-shortcuts";
import { Answers, Dialog, Question } from "../dialog";
import { Icon } from "../icon";
import { Notice } from "../notice";
import { Segments } from "../segments";
import { Sentence } from "../sentence";
import { useProblemText } from "../use-problem-text";
import css from "./lists.module.css";

const KINDS: ListKind[] = ["words", "authors"];
const AFTER = ["lists", "list", "query-language", "query-check"];

interface ListEditorProps {
  list: List | null;
  reload: () => unknown;
}

/** The name of a list and its entries, one a line. */
export function ListEditor({ list, reload }: ListEditorProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  // What the fields began with: an answer that comes later from elsewhere must not change them under the hand.
  const [base, setBase] = useState(list);
  const [name, setName] = useState(list?.name ?? "");
  const [kind, setKind] = useState<ListKind>(list?.kind ?? "words");
  const [text, setText] = useState(list?.entries.join("\n") ?? "");
  const [error, setError] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const [asking, setAsking] = useState(false);

  const { entries, lines, repeated } = readEntries(text);
  const used = list?.used_by ?? [];
  const dirty =
    name !== (base?.name ?? "") || kind !== (base?.kind ?? "words") || text !== (base?.entries.join("\n") ?? "");
  const tooMany = entries.length > MOST_ENTRIES;
  const ready = name.trim() !== "" && entries.length > 0 && !tooMany && (base === null || dirty);
  const leaving = useBlocker({
    shouldBlockFn: () => dirty && !saving,
    withResolver: true,
    enableBeforeUnload: () => dirty,
  });

  const refresh = () => cache.invalidateQueries({ predicate: ({ queryKey }) => AFTER.includes(String(queryKey[0])) });

  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    if (saving || !ready) return;
    setSaving(true);
    setError(null);
    const draft: NewList = { name: name.trim(), kind, entries };
    try {
      const saved = base ? await updateList(base.id, { ...draft, version: base.version }) : await createList(draft);
      showToast({ kind: "done", text: t("lists.saved", { name: saved.name }) });
      await refresh();
      await navigate({ to: "/topics/lists" });
    } catch (failure) {
      setError(failure);
      setSaving(false);
    }
  };

  const remove = async () => {
    if (!base) return;
    setSaving(true);
    setAsking(false);
    try {
      await deleteList(base.id);
      showToast({ kind: "done", text: t("lists.deleted", { name: base.name }) });
      await navigate({ to: "/topics/lists" });
      await refresh();
    } catch (failure) {
      setError(failure);
      setSaving(false);
      await refresh();
    }
  };

  /** Takes what somebody else saved; what was typed here is kept in the field, its version is the new one. */
  const rebase = async () => {
    await reload();
    const fresh = cache.getQueryData<List>(["list", base?.id ?? ""]);
    if (fresh) setBase(fresh);
    setError(null);
  };

  const goTo = (line: number) => {
    const { start, end } = lineSpan(text, line);
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  };

  useShortcuts({ save: () => void save() });
  const wrong = isProblem(error)
    ? error.fields.flatMap((one) => {
        const entry = entryOf(one.field);
        const line = entry === null ? undefined : lines[entry];
        return line === undefined || entry === null
          ? []
          : [{ line, entry: entries[entry] ?? "", message: one.message }];
      })
    : [];
  const nameError = isProblem(error, "name_taken")
    ? problemText(error)
    : isProblem(error)
      ? error.fields.find((one) => one.field === "name")?.message
      : undefined;

  return (
    <div className="page">
      <div className={css.narrow}>
        <div className={css.up}>
          <Link to="/topics/lists">
            <Icon name="left" /> {t("nav.lists")}
          </Link>
        </div>
        <div className="page-head">
          <h1>{list ? list.name : t("lists.add")}</h1>
          {list && (
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
              {t("common.delete")}
            </Button>
          )}
        </div>
        <form className={`card ${css.form}`} onSubmit={(event) => void save(event)}>
          <TextInput
            label={t("lists.name")}
            description={
              used.length > 0
                ? t("lists.nameFixed")
                : t("lists.nameHint", { name: name.trim() || t("lists.sampleName") })
            }
            required
            maxLength={100}
            readOnly={used.length > 0}
            data-autofocus={list ? undefined : true}
            value={name}
            error={nameError}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div className={css.kind}>
            <Segments
              label={t("lists.kind")}
              value={kind}
              options={KINDS.map((value) => ({ value, label: t(`lists.kinds.${value}`) }))}
              onChange={(value) => setKind(value as ListKind)}
            />
            <span className="dim">{t(`lists.kindHint.${kind}`)}</span>
          </div>
          <div className={css.entries}>
            <label htmlFor={`${id}-entries`}>{t("lists.oneALine")}</label>
            <textarea
              ref={field}
              id={`${id}-entries`}
              value={text}
              rows={14}
              spellCheck={false}
              autoCapitalize="off"
              aria-describedby={`${id}-count`}
              aria-invalid={wrong.length > 0 || tooMany}
              placeholder={t(`lists.placeholder.${kind}`)}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <p id={`${id}-count`} className={css.count} data-bad={tooMany}>
              {t("lists.countOf", { count: entries.length, most: MOST_ENTRIES })}
              {repeated > 0 && ` ${t("lists.repeated", { count: repeated })}`}
            </p>
          </div>
          {wrong.length > 0 && (
            <div className={css.wrong} role="alert">
              <ul>
                {wrong.slice(0, 20).map(({ line, entry, message }) => (
                  <li key={line}>
                    <button type="button" className="bare" onClick={() => goTo(line)}>
                      <strong>{t("lists.line", { line })}</strong> <code>{entry}</code>: <Sentence text={message} />
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {isProblem(error, "version_conflict") && (
            <Notice kind="warning">
              {t("lists.conflict")}{" "}
              <Button size="compact-sm" variant="default" onClick={() => void rebase()}>
                {t("lists.keepMine")}
              </Button>
            </Notice>
          )}
          {error !== null && wrong.length === 0 && nameError === undefined && !isProblem(error, "version_conflict") && (
            <Notice kind="error">{problemText(error)}</Notice>
          )}
          {used.length > 0 && (
            <p className={css.usedBy}>
              {t("lists.usedHere")} <TopicLinks topics={used} />
            </p>
          )}
          <div className={css.actions}>
            <Button type="submit" loading={saving} disabled={!ready}>
              {t("common.save")}
            </Button>
            <span className="dim">
              <kbd>Ctrl</kbd> <kbd>S</kbd>
            </span>
          </div>
        </form>
        {used.length > 0 ? (
          <Dialog
            opened={asking}
            onClose={() => setAsking(false)}
            title={t("lists.deleteTitle", { name: list?.name ?? "" })}
          >
            <p>{t("lists.deleteStands", { count: used.length })}</p>
            <p className={css.usedBy}>
              <TopicLinks topics={used} />
            </p>
            <Answers>
              <Button variant="default" onClick={() => setAsking(false)}>
                {t("common.close")}
              </Button>
            </Answers>
          </Dialog>
        ) : (
          <Question
            grave
            opened={asking}
            title={t("lists.deleteTitle", { name: list?.name ?? "" })}
            yes={t("common.delete")}
            busy={saving}
            onYes={() => void remove()}
            onNo={() => setAsking(false)}
          >
            <p>{t("lists.deleteText", { count: list?.entries.length ?? 0 })}</p>
          </Question>
        )}
        <Question
          grave
          opened={leaving.status === "blocked"}
          title={t("editor.unsaved")}
          yes={t("editor.discard")}
          no={t("editor.stay")}
          onYes={() => leaving.proceed?.()}
          onNo={() => leaving.reset?.()}
        >
          <p>{t("lists.unsavedText")}</p>
        </Question>
      </div>
    </div>
  );
}

function TopicLinks({ topics }: { topics: List["used_by"] }) {
  return topics.map((topic, index) => (
    <span key={topic.topic_id}>
      {index > 0 && ", "}
      <Link to="/topics/$id" params={{ id: topic.topic_id }}>
        {topic.name}
      </Link>
    </span>
  ));
}
