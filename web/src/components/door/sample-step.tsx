import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { createTopic, previewQuery } from "~/api/operations";
import { isProblem } from "~/api/problem";
import type { Topic } from "~/api/types";
import { Icon } from "../icon";
import { Loading } from "../loading";
import { Notice } from "../notice";
import { PageError } from "../page-error";
import { PreviewHits } from "../topic/preview-hits";
import { PreviewFigures } from "../topic/preview-pane";
import { useProblemText } from "../use-problem-text";
import css from "./door.module.css";

const HITS = 20;

interface SampleStepProps {
  brand: string;
  query: string;
  skip: ReactNode;
  onBack: () => void;
  onSaved: (topic: Topic) => void;
}

/** What the query would have brought, before it is saved. */
export function SampleStep({ brand, query, skip, onBack, onSaved }: SampleStepProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const preview = useQuery({
    queryKey: ["query-preview", query],
    queryFn: ({ signal }) => previewQuery(query, HITS, signal),
  });

  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const topic = await createTopic({ name: brand.trim(), level: "brand", kind: "own", query, backfill: true });
      await cache.invalidateQueries({ queryKey: ["topics"] });
      onSaved(topic);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <>
      {preview.isPending && <Loading text={t("preview.looking")} />}
      {preview.isError && <PageError error={preview.error} reset={() => void preview.refetch()} />}
      {preview.data && (
        <>
          <div className={css.figures}>
            <PreviewFigures preview={preview.data} busy={preview.isFetching} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
          <div className={css.sample} tabIndex={0} role="region" aria-label={t("preview.title")}>
            <PreviewHits preview={preview.data} />
          </div>
          {preview.data.scanned === 0 && (
            <p>
              <Link to="/sources/add">
                <Icon name="plus" size={14} /> {t("sources.add")}
              </Link>
            </p>
          )}
        </>
      )}
      {error !== null && (
        <Notice kind="error">
          {problemText(error)} {isProblem(error, "name_taken") && <Link to="/topics">{t("nav.topics")}</Link>}
        </Notice>
      )}
      <div className={css.foot}>
        {skip}
        <Button variant="default" onClick={onBack}>
          {t("common.back")}
        </Button>
        <Button loading={busy} onClick={() => void save()}>
          {t("welcome.sample.save")}
        </Button>
      </div>
    </>
  );
}
