import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { similarQuery } from "~/api/queries";
import type { Mention } from "~/api/types";
import { excerpt } from "~/lib/spans";
import { Loading } from "../loading";
import { NetworkBadge } from "../network-badge";
import { PageError } from "../page-error";
import detail from "../stream/detail.module.css";
import { Time } from "../time";
import { ToneLabel } from "../tone";
import css from "./similar.module.css";

const FIRST = 5;

/** Mentions that speak of the same, asked for when they are wanted. */
export function Similar({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const query = useQuery({ ...similarQuery(mention.id), enabled: open });
  const similar = query.data ?? [];
  const shown = all ? similar : similar.slice(0, FIRST);

  return (
    <section className={detail.section}>
      <h2>{t("search.similar.title")}</h2>
      {!open && (
        <button type="button" className={`bare ${detail.more}`} onClick={() => setOpen(true)}>
          {t("search.similar.find")}
        </button>
      )}
      {open && query.isPending && <Loading />}
      {open && query.isError && <PageError error={query.error} reset={() => void query.refetch()} />}
      {query.isSuccess && similar.length === 0 && <p className="dim">{t("search.similar.none")}</p>}
      <ul className={css.similar}>
        {shown.map((one) => (
          <li key={one.id}>
            <Link to="." search={(before: object) => ({ ...before, mention: one.id })} className={css.link}>
              <span className={css.line}>
                <NetworkBadge network={one.post.network} size={18} />
                <span className={css.author}>
                  {one.post.author.name ?? one.post.author.handle ?? t("mention.unknownAuthor")}
                </span>
                {one.tone && <ToneLabel tone={one.tone} />}
                <Time at={one.post.published_at} className={css.time} />
              </span>
              <span className={css.text}>{excerpt(one.post.text || (one.post.title ?? ""), []).text}</span>
            </Link>
          </li>
        ))}
      </ul>
      {shown.length < similar.length && (
        <button type="button" className={`bare ${detail.more}`} onClick={() => setAll(true)}>
          {t("filters.more", { count: similar.length - shown.length })}
        </button>
      )}
    </section>
  );
}
