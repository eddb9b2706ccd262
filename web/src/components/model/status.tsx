import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ModelPage, modelQuery, trainModel } from "~/api/model";
import { exact, number } from "~/lib/format";
import { offers } from "~/lib/offered";
import { showToast } from "~/state/toasts";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import css from "./model.module.css";

const KINDS = ["tone", "intents", "stage", "spam", "relevance", "story"] as const;

/** Which model judges, what it learnt from, and a way to let it learn now. */
export function Status({ model }: { model: ModelPage }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const problem = useProblemText();
  const [busy, setBusy] = useState(false);
  const { active, labels, judged, training, automatic, second_opinions: second } = model;
  const shipped = active.id === "0";
  const all = Object.values(labels).reduce<number>((sum, count) => sum + (count ?? 0), 0);

  const train = async () => {
    setBusy(true);
    try {
      await trainModel();
      await cache.invalidateQueries({ queryKey: modelQuery.queryKey });
    } catch (error) {
      showToast({ kind: "error", text: problem(error) });
    }
    setBusy(false);
  };

  return (
    <section className={`card ${css.card}`}>
      <div className={css.cardHead}>
        <h2>{t("model.now")}</h2>
        {!training && (
          <Button leftSection={<Icon name="bolt" />} loading={busy} disabled={all === 0} onClick={() => void train()}>
            {t("model.train")}
          </Button>
        )}
      </div>
      <dl className={css.facts}>
        <div>
          <dt>{t("model.version")}</dt>
          <dd>
            {active.version}
            <small>{shipped ? t("model.shipped") : t("model.basedOn", { version: active.base.version })}</small>
          </dd>
        </div>
        <div>
          <dt>{t("model.trained")}</dt>
          <dd>{active.trained_at ? exact(active.trained_at, locale) : t("model.never")}</dd>
        </div>
        {second && (
          <div>
            <dt>{t("model.second.title")}</dt>
            <dd>
              {t("model.second.spent", { today: number(second.today, locale), limit: number(second.a_day, locale) })}
              <small>{t(`model.second.${second.by}`, { name: second.name })}</small>
            </dd>
          </div>
        )}
        <div>
          <dt>{t("model.judged")}</dt>
          <dd>
            {number(judged.done, locale)}
            <small>{t("model.ofAll", { total: number(judged.total, locale) })}</small>
          </dd>
        </div>
      </dl>
      {training && <Bar label={t("model.training")} {...training} />}
      {judged.done < judged.total && <Bar label={t("model.judging")} {...judged} />}
      <h3>{t("model.labels")}</h3>
      {all === 0 ? (
        <p className={css.note}>
          {t("model.noLabels")} {offers("getLabelling") && <Link to="/labelling">{t("model.toLabelling")}</Link>}
        </p>
      ) : (
        <ul className={css.labels}>
          {KINDS.filter((kind) => (labels[kind] ?? 0) > 0).map((kind) => (
            <li key={kind}>
              {t(`model.kinds.${kind}`)} <strong>{number(labels[kind] ?? 0, locale)}</strong>
            </li>
          ))}
        </ul>
      )}
      <p className={css.note}>
        <strong>{t("model.automatic.title")}.</strong>{" "}
        {t(`model.automatic.${automatic.rest}`, {
          labels: number(automatic.labels, locale),
          needed: number(automatic.needed, locale),
          at: automatic.not_before ? exact(automatic.not_before, locale) : "",
        })}
      </p>
      <p className={css.note}>{t("model.how")}</p>
    </section>
  );
}

function Bar({ label, done, total }: { label: string; done: number; total: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className={css.progress} role="status">
      <span>
        {label} {t("model.progress", { done: number(done, locale), total: number(total, locale) })}
      </span>
      <progress max={Math.max(1, total)} value={done} aria-label={label} />
    </div>
  );
}
