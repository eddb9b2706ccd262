import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { updateWorkspace } from "~/api/archive";
import { Problem } from "~/api/problem";
import { sessionQuery } from "~/api/queries";
import { showToast } from "~/state/toasts";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import { useZone } from "../use-zone";
import css from "./settings.module.css";

/** The zone in which days begin, for everybody in the workspace. */
export function TimeZone() {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const zone = useZone();
  const id = useId();
  const [draft, setDraft] = useState(zone);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => setDraft(zone), [zone]);

  const store = async (next: string) => {
    const { time_zone } = await updateWorkspace({ time_zone: next });
    cache.setQueryData(sessionQuery.queryKey, (me) => me && { ...me, workspace: { ...me.workspace, time_zone } });
    // Days are cut elsewhere now, so figures are others too.
    void cache.invalidateQueries({
      predicate: ({ queryKey }) => !["mentions", "session"].includes(String(queryKey[0])),
    });
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const next = draft.trim();
    if (busy || next === "" || next === zone) return;
    setBusy(true);
    setError(null);
    try {
      await store(next);
      showToast({
        kind: "done",
        text: t("workspace.zoneSaved", { zone: next }),
        undo: () =>
          void store(zone).catch((failure: unknown) => showToast({ kind: "error", text: problemText(failure) })),
      });
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };

  const wrong = error === null ? "" : (error instanceof Problem && error.fields[0]?.message) || problemText(error);
  return (
    <form className={css.row} onSubmit={(event) => void save(event)}>
      <label htmlFor={id}>
        {t("workspace.zone")}
        <span className={css.hint}>{t("workspace.zoneHint", { now: clockOf(draft, zone, locale) })}</span>
      </label>
      <span className={css.zone}>
        <input
          id={id}
          className="field"
          list={`${id}-zones`}
          value={draft}
          maxLength={64}
          spellCheck={false}
          aria-invalid={wrong !== ""}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={(event) => {
            setDraft(event.currentTarget.value);
            setError(null);
          }}
        />
        <datalist id={`${id}-zones`}>
          {Intl.supportedValuesOf("timeZone").map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Button type="submit" variant="default" size="compact-md" loading={busy} disabled={draft.trim() === zone}>
          {t("common.save")}
        </Button>
      </span>
      {wrong && (
        <p id={`${id}-wrong`} className={css.wrong} role="alert">
          {wrong}
        </p>
      )}
    </form>
  );
}

/** What the clocks show there, or in the zone that holds while the draft is no zone. */
function clockOf(draft: string, zone: string, locale: string): string {
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date());
  try {
    return format(draft.trim());
  } catch {
    return format(zone);
  }
}
