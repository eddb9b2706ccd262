import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { versionsQuery } from "~/api/queries";
import type { Mention, PostVersion } from "~/api/types";
import { exact } from "~/lib/format";
import { wordDiff } from "~/lib/word-diff";
import { Icon } from "../icon";
import { Loading } from "../loading";
import { PageError } from "../page-error";
import { useLocale } from "../use-locale";
import css from "./versions.module.css";

/** That the author edited the post, and on request what it said before. */
export function Versions({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section className={css.versions} aria-label={t("versions.title")} data-testid="versions">
      <button
        type="button"
        className={css.opener}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? "up" : "right"} size={14} />
        {t("versions.edited", { count: mention.edits })}
      </button>
      <div id={id}>{open && <Earlier mention={mention} />}</div>
    </section>
  );
}

function Earlier({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const locale = useLocale();
  // Another edit makes another version.
  const query = useQuery(versionsQuery(mention.id, mention.edits));
  if (query.isPending) return <Loading />;
  if (query.isError) return <PageError error={query.error} reset={() => void query.refetch()} />;
  const versions = query.data;
  if (versions.length === 0) return <p className="dim">{t("versions.none")}</p>;
  return (
    <>
      <p className={css.legend}>
        <del>{t("versions.gone")}</del> <ins>{t("versions.new")}</ins>
      </p>
      <ol className={css.list}>
        {versions.map((version, index) => (
          <li key={version.version}>
            <p className="dim">
              {t("versions.until", {
                said: exact(version.said_at, locale),
                replaced: exact(version.replaced_at, locale),
              })}
            </p>
            <Difference before={said(version)} after={said(versions[index + 1] ?? mention.post)} />
          </li>
        ))}
      </ol>
    </>
  );
}

const said = ({ title, text }: Pick<PostVersion, "title" | "text">) => (title ? `${title}\n\n${text}` : text);

function Difference({ before, after }: { before: string; after: string }) {
  let at = 0;
  const pieces = wordDiff(before, after).map((piece) => {
    const key = at;
    at += piece.text.length;
    return { ...piece, key };
  });
  return (
    <div className={css.text}>
      {pieces.map(({ kind, text, key }) =>
        kind === "same" ? (
          <span key={key}>{text}</span>
        ) : kind === "gone" ? (
          <del key={key}>{text}</del>
        ) : (
          <ins key={key}>{text}</ins>
        ),
      )}
    </div>
  );
}
