import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "~/api/queries";
import type { Mention, Post, Reason, Topic } from "~/api/types";
import { exact, languageName, number } from "~/lib/format";
import { networkMark } from "~/lib/networks";
import { heaviest, type WeightedSpan, weightsIn } from "~/lib/reasons";
import { safeLink, shortLink } from "~/lib/safe-link";
import { matchedWords, spansOf } from "~/lib/spans";
import { WeightedText } from "../marked-text";
import { Time } from "../time";
import { useLocale } from "../use-locale";
import { AuthorCard } from "./author-card";
import css from "./detail.module.css";
import { Versions } from "./versions";

interface PostViewProps {
  mention: Mention;
  topics: Topic[] | undefined;
  /** What decided a judgement: its words are underlined. */
  reasons: readonly Reason[];
}

const NO_REASONS: readonly WeightedSpan[] = [];

/** The post as its author wrote it, and what is known around it. */
export function PostView({ mention, topics, reasons }: PostViewProps) {
  const { t } = useTranslation();
  const { post, spans } = mention;
  const most = heaviest(reasons);
  const weights = (inTitle: boolean) => (reasons.length > 0 ? weightsIn(reasons, inTitle) : NO_REASONS);
  const words = matchedWords(post.title, post.text, spans);
  const matched = mention.topic_ids
    .map((id) => topics?.find((topic) => topic.id === id))
    .filter((topic) => topic !== undefined);

  return (
    <article className={css.post} lang={post.language ?? undefined}>
      <AuthorCard post={post} />
      {post.deleted && <p className={css.deleted}>{t("mention.deleted")}</p>}
      {post.title && (
        <h2 className={css.title}>
          <WeightedText text={post.title} spans={spansOf(spans, true)} weights={weights(true)} most={most} />
        </h2>
      )}
      {post.text && (
        <div className={css.text}>
          <WeightedText text={post.text} spans={spansOf(spans, false)} weights={weights(false)} most={most} />
        </div>
      )}
      {mention.edits > 0 && !post.deleted && <Versions mention={mention} />}
      <Attached post={post} />
      <Engagement post={post} />
      {(words.length > 0 || matched.length > 0) && (
        <p className={css.why}>
          <strong>{t("detail.why")}</strong>{" "}
          {words.map((word) => (
            <mark key={word}>{word}</mark>
          ))}
          {matched.map((topic) => (
            <Link key={topic.id} to="/topics/$id" params={{ id: topic.id }} className={css.topic}>
              {topic.name}
            </Link>
          ))}
        </p>
      )}
    </article>
  );
}

/** Links and pictures are named, never loaded: the page asks no other host for anything. */
function Attached({ post }: { post: Post }) {
  const { t } = useTranslation();
  const links = post.links.map(safeLink).filter((link) => link !== undefined);
  // What lies in a mailbox or behind a bot's token has a name and no address to go to.
  const media = post.media
    .map((one) => ({ ...one, link: safeLink(one.url), name: one.alt || t(`media.${one.kind}`) }))
    .filter((one) => one.link || one.alt);
  if (links.length + media.length === 0) return null;
  return (
    <ul className={css.attached}>
      {media.map((one) => (
        <li key={one.url}>
          {one.link ? (
            <a href={one.link} target="_blank" rel="noopener noreferrer nofollow">
              {one.name}
            </a>
          ) : (
            one.name
          )}
        </li>
      ))}
      {links.map((link) => (
        <li key={link}>
          <a href={link} target="_blank" rel="noopener noreferrer nofollow">
            {shortLink(link)}
          </a>
        </li>
      ))}
    </ul>
  );
}

const COUNTS = ["likes", "reposts", "comments", "views", "rating"] as const;

function Engagement({ post }: { post: Post }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const known = COUNTS.filter((key) => post.engagement[key] !== null);
  if (known.length === 0) return null;
  return (
    <dl className={css.engagement}>
      {known.map((key) => (
        <div key={key}>
          <dd>{number(post.engagement[key] ?? 0, locale)}</dd>
          <dt>{t(`engagement.${key}`, { count: post.engagement[key] ?? 0 })}</dt>
        </div>
      ))}
    </dl>
  );
}

/** When, where and through which source it came: looked at less often than what is thought of it. */
export function Facts({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { post } = mention;
  const source = useQuery(sourcesQuery).data?.find((one) => one.id === mention.source_id);
  const original = safeLink(post.url);
  const community = post.community;
  return (
    <dl className={css.facts}>
      <dt>{t("detail.published")}</dt>
      <dd>
        {exact(post.published_at, locale)} · <Time at={post.published_at} />
      </dd>
      <dt>{t("detail.arrived")}</dt>
      <dd>
        {exact(post.fetched_at, locale)} · <Time at={post.fetched_at} />
      </dd>
      <dt>{t("detail.network")}</dt>
      <dd>
        {networkMark(post.network).title} · {t(`kind.${post.kind}`)}
      </dd>
      {community && (
        <>
          <dt>{t("detail.community")}</dt>
          <dd>
            {safeLink(community.url) ? (
              <a href={safeLink(community.url)} target="_blank" rel="noopener noreferrer nofollow">
                {community.title ?? community.key}
              </a>
            ) : (
              (community.title ?? community.key)
            )}
          </dd>
        </>
      )}
      {post.language && (
        <>
          <dt>{t("detail.language")}</dt>
          <dd>{languageName(post.language, locale)}</dd>
        </>
      )}
      {source && (
        <>
          <dt>{t("detail.source")}</dt>
          <dd>
            <Link to="/sources/$id" params={{ id: source.id }}>
              {source.name}
            </Link>
          </dd>
        </>
      )}
      <dt>{t("detail.original")}</dt>
      <dd>
        {original ? (
          <a href={original} target="_blank" rel="noopener noreferrer nofollow">
            {shortLink(original)}
          </a>
        ) : (
          t("detail.noOriginal")
        )}
      </dd>
    </dl>
  );
}
