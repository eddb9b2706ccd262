import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Source } from "~/api/types";
import { moment } from "~/lib/format";
import { STATE_LOOKS } from "~/lib/source-state";
import { Sentence } from "../sentence";
import { useLocale, useNow } from "../use-locale";
import css from "./sources.module.css";

/** What is put right by other settings. */
const IN_THE_SETTINGS = new Set([
  "auth_expired",
  "auth_revoked",
  "gone",
  "not_found",
  "invalid_setting",
  "address_blocked",
]);

/** What is wrong with a source, since when, and what to do. */
export function Problem({ source }: { source: Source }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const { problem } = source;
  if (!problem) return null;
  return (
    <div className={css.problem} data-colour={STATE_LOOKS[source.state].colour} role="status">
      <p>
        <strong>
          <Sentence text={problem.message} />
        </strong>
        {problem.since && (
          <>
            {" · "}
            {t("sources.since")} <time dateTime={problem.since}>{moment(problem.since, now, locale)}</time>
          </>
        )}
      </p>
      <p>
        <Sentence text={problem.advice} />
      </p>
      {IN_THE_SETTINGS.has(problem.code) && (
        <p>
          <Link to="/sources/$id/edit" params={{ id: source.id }}>
            {t("sources.toSettings")}
          </Link>
        </p>
      )}
    </div>
  );
}
