import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copiesQuery } from "~/api/queries";
import type { Mention } from "~/api/types";
import { safeLink } from "~/lib/safe-link";
import { Icon } from "../icon";
import { Loading } from "../loading";
import { NetworkBadge } from "../network-badge";
import { PageError } from "../page-error";
import { Time } from "../time";
import css from "./detail.module.css";

const FIRST = 10;

/** The same text by others, or the first one when this is a copy itself. */
export function Copies({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const query = useQuery({ ...copiesQuery(mention.id), enabled: mention.copies > 0 });
  const copies = query.data ?? [];
  const shown = all ? copies : copies.slice(0, FIRST);

  return (
    <section className={css.section}>
      <h2>{t("detail.copies", { count: mention.copies })}</h2>
      {mention.copy_of && (
        <Link to="." search={(before: object) => ({ ...before, mention: mention.copy_of ?? undefined })}>
          {t("detail.firstOne")}
        </Link>
      )}
      {mention.copies > 0 && query.isPending && <Loading />}
      {query.isError && <PageError error={query.error} reset={() => void query.refetch()} />}
      <ul className={css.copies}>
        {shown.map((copy) => (
          <li key={copy.id}>
            <NetworkBadge network={copy.post.network} />
            <span className={css.copyAuthor}>
              {copy.post.author.name ?? copy.post.author.handle ?? t("mention.unknownAuthor")}
            </span>
            <Time at={copy.post.published_at} className="dim" />
            {safeLink(copy.post.url) && (
              <a
                href={safeLink(copy.post.url)}
                target="_blank"
                rel="noopener noreferrer nofollow"
                aria-label={t("detail.original")}
              >
                <Icon name="external" />
              </a>
            )}
          </li>
        ))}
      </ul>
      {shown.length < copies.length && (
        <button type="button" className={`bare ${css.more}`} onClick={() => setAll(true)}>
          {t("filters.more", { count: copies.length - shown.length })}
        </button>
      )}
    </section>
  );
}
