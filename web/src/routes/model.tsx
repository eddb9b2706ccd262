import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { modelQuery } from "~/api/model";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { Confusion } from "~/components/model/confusion";
import { Drift } from "~/components/model/drift";
import { History } from "~/components/model/history";
import css from "~/components/model/model.module.css";
import { Relevance } from "~/components/model/relevance";
import { Scores } from "~/components/model/scores";
import { Status } from "~/components/model/status";
import { PageError } from "~/components/page-error";
import form from "~/components/source/form.module.css";

/** The model that judges this workspace's mentions: how good it is, and what people's corrections made of it. */
export function ModelPage() {
  const { t } = useTranslation();
  const query = useQuery(modelQuery);
  const model = query.data;
  return (
    <div className="page">
      <div>
        <Link to="/settings" className={form.up}>
          <Icon name="left" /> {t("nav.settings")}
        </Link>
        <div className="page-head">
          <h1>{t("model.title")}</h1>
        </div>
        {query.isPending && <Loading />}
        {query.isError && !model && <PageError error={query.error} reset={() => void query.refetch()} />}
        {model && (
          <div className={css.page}>
            <Status model={model} />
            <Scores scores={model.scores} />
            <Relevance scores={model.scores} />
            <div className={css.pair}>
              <Confusion confusion={model.confusion} />
              <Drift weeks={model.drift.weeks} />
            </div>
            <History model={model} />
          </div>
        )}
      </div>
    </div>
  );
}
