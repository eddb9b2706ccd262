import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { View } from "~/api/archive";
import { isProblem } from "~/api/problem";
import { sessionQuery } from "~/api/queries";
import { useViews } from "~/state/use-views";
import { Icon } from "../icon";
import { Loading } from "../loading";
import { Notice } from "../notice";
import { PageError } from "../page-error";
import { Popover } from "../popover";
import { useProblemText } from "../use-problem-text";
import css from "./views.module.css";

interface ViewsMenuProps {
  page: View["page"];
  /** What the page shows now: the query string of its address. */
  address: string;
}

/** Views of a page: go to one, save what is shown as a new one, rename, share and delete one's own. */
export function ViewsMenu({ page, address }: ViewsMenuProps) {
  const { t } = useTranslation();
  const { query, views, save, remove, open } = useViews(page);
  const here = address.replace(/^\?/, "");
  const current = views.find((view) => view.address.replace(/^\?/, "") === here);

  return (
    <Popover
      align="end"
      label={t("search.views.title")}
      button={
        <>
          <Icon name="star" size={15} />
          <span className={css.current}>{current?.name ?? t("search.views.title")}</span>
          <Icon name="down" size={13} />
        </>
      }
    >
      {(close) => {
        const list = (title: string, some: View[]) =>
          some.length > 0 && (
            <section>
              <h2 className={css.title}>{title}</h2>
              <ul>
                {some.map((view) => (
                  <ViewLine
                    key={view.id}
                    view={view}
                    current={view === current}
                    address={here}
                    onOpen={() => {
                      close();
                      open(view);
                    }}
                    onSave={(draft) => save(draft, view.id)}
                    onRemove={() => void remove(view)}
                  />
                ))}
              </ul>
            </section>
          );
        return (
          <div className={css.panel}>
            {query.isPending && <Loading />}
            {query.isError && <PageError error={query.error} reset={() => void query.refetch()} />}
            {list(
              t("search.views.mine"),
              views.filter((view) => view.mine),
            )}
            {list(
              t("search.views.shared"),
              views.filter((view) => !view.mine),
            )}
            {query.isSuccess && !current && (
              <section>
                <h2 className={css.title}>{t("search.views.new")}</h2>
                <ViewForm onSave={({ name, shared }) => save({ name, shared, address: here })} onDone={close} />
              </section>
            )}
            {query.isSuccess && views.length === 0 && <p className={css.hint}>{t("search.views.hint")}</p>}
          </div>
        );
      }}
    </Popover>
  );
}

interface ViewLineProps {
  view: View;
  current: boolean;
  address: string;
  onOpen: () => void;
  onSave: (draft: { name: string; shared: boolean; address: string }) => Promise<void>;
  onRemove: () => void;
}

function ViewLine({ view, current, address, onOpen, onSave, onRemove }: ViewLineProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const { name, shared } = view;
  const role = useQuery(sessionQuery).data?.user.role;
  const mayChange = view.mine || (shared && (role === "owner" || role === "admin"));
  return (
    <li className={css.view}>
      <div className={css.line}>
        <button type="button" className={css.open} aria-current={current || undefined} onClick={onOpen}>
          <Icon name={current ? "check" : "star"} size={14} />
          <span>{name}</span>
          {!view.mine && <span className={css.owner}>{view.owner.name}</span>}
          {view.mine && shared && <Icon name="reach" size={14} label={t("search.views.isShared")} />}
        </button>
        {mayChange && (
          <button
            type="button"
            className={css.tool}
            aria-label={t("search.views.edit", { name })}
            aria-expanded={editing}
            title={t("search.views.edit", { name })}
            onClick={() => setEditing(!editing)}
          >
            <Icon name="edit" size={14} />
          </button>
        )}
      </div>
      {editing && (
        <ViewForm
          start={view}
          onSave={(draft) => onSave({ ...draft, address: view.address })}
          onDone={() => setEditing(false)}
        >
          {!current && (
            <Button
              size="compact-sm"
              variant="default"
              title={t("search.views.hereHint")}
              onClick={() => void onSave({ name, shared, address }).then(() => setEditing(false), ignore)}
            >
              {t("search.views.here")}
            </Button>
          )}
          <Button size="compact-sm" variant="subtle" color="red" onClick={onRemove}>
            {t("common.delete")}
          </Button>
        </ViewForm>
      )}
    </li>
  );
}

interface ViewFormProps {
  start?: View;
  onSave: (draft: { name: string; shared: boolean }) => Promise<void>;
  onDone: () => void;
  children?: React.ReactNode;
}

function ViewForm({ start, onSave, onDone, children }: ViewFormProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [name, setName] = useState(start?.name ?? "");
  const [shared, setShared] = useState(start?.shared ?? false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSave({ name: name.trim(), shared });
      onDone();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <input
        className="field"
        data-first={start ? undefined : true}
        value={name}
        maxLength={120}
        placeholder={t("search.views.name")}
        aria-label={t("search.views.name")}
        aria-invalid={isProblem(error, "name_taken")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <label className={css.share}>
        <input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
        {t("search.views.share")}
      </label>
      {error !== null && <Notice kind="error">{problemText(error)}</Notice>}
      <div className={css.answers}>
        <Button type="submit" size="compact-sm" loading={busy} disabled={!name.trim()}>
          {t("common.save")}
        </Button>
        {children}
      </div>
    </form>
  );
}

/** The toast tells what went wrong. */
const ignore = () => {};
