import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { activateModel, type ModelPage, modelQuery, type PastModel } from "~/api/model";
import { exact, fixed } from "~/lib/format";
import { showToast } from "~/state/toasts";
import { Icon, type IconName } from "../icon";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import css from "./model.module.css";

const ICONS: Record<PastModel["state"], IconName> = {
  active: "check",
  candidate: "hourglass",
  refused: "close",
  retired: "clock",
};

/** What was trained, why it was taken or refused, and a way back to any that was in use. */
export function History({ model }: { model: ModelPage }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const problem = useProblemText();
  const [busy, setBusy] = useState<string | null>(null);
  const { active, history } = model;

  const use = async (id: string, undoTo: string | null) => {
    setBusy(id);
    try {
      await activateModel(id);
      await cache.invalidateQueries({ queryKey: modelQuery.queryKey });
      showToast({
        kind: "done",
        text: t("model.activated"),
        undo: undoTo === null ? undefined : () => void use(undoTo, null),
      });
    } catch (error) {
      showToast({ kind: "error", text: problem(error) });
    }
    setBusy(null);
  };
  const score = (value: number | null) => (value === null ? "—" : fixed(value, locale, 3));

  return (
    <section className={`card ${css.card}`}>
      <h2>{t("model.history")}</h2>
      {history.length === 0 && <p className={css.note}>{t("model.noHistory")}</p>}
      <ul className={css.history}>
        {history.map((one) => (
          <li key={one.id} data-state={one.state}>
            <span className={css.state}>
              <Icon name={ICONS[one.state]} size={14} /> {t(`model.states.${one.state}`)}
            </span>
            <span className={css.when}>{exact(one.created_at, locale)}</span>
            <span>
              {score(one.before)} → <strong>{score(one.after)}</strong>
            </span>
            {one.state === "retired" && (
              <Button
                size="compact-sm"
                variant="default"
                loading={busy === one.id}
                onClick={() => void use(one.id, active.id)}
              >
                {t("model.use")}
              </Button>
            )}
            {one.reason && <p className={css.reason}>{one.reason}</p>}
          </li>
        ))}
        {active.id !== "0" && (
          <li>
            <span className={css.state}>
              <Icon name="restore" size={14} /> {t("model.shipped")}
            </span>
            <span className={css.when}>{active.base.version}</span>
            <span />
            <Button size="compact-sm" variant="default" loading={busy === "0"} onClick={() => void use("0", active.id)}>
              {t("model.rollBack")}
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}
