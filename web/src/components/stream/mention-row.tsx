import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Mention } from "~/api/types";
import { compact } from "~/lib/format";
import { excerpt, spansOf } from "~/lib/spans";
import { Icon } from "../icon";
import { MarkedText } from "../marked-text";
import { NetworkBadge } from "../network-badge";
import { Time } from "../time";
import { ToneLabel } from "../tone";
import { useLocale } from "../use-locale";
import css from "./row.module.css";

interface RowProps {
  mention: Mention;
  topic: string | undefined;
  top: number;
  height: number;
  position: number;
  /** -1 while the end is not known. */
  total: number;
  open: boolean;
  /** The one row that the Tab key reaches. */
  tabbable: boolean;
  checked: boolean;
  fresh: boolean;
  onOpen: (id: string) => void;
  onCheck: (id: string) => void;
}

const MOST_TAGS = 3;

export const MentionRow = memo(function MentionRow(props: RowProps) {
  const { mention } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const { post } = mention;
  const author = post.author.name ?? post.author.handle ?? t("mention.unknownAuthor");
  const community = post.community?.title ?? post.community?.key;

  return (
    <li
      className={css.row}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      data-id={mention.id}
      data-open={props.open}
      data-state={mention.state}
      aria-posinset={props.position}
      aria-setsize={props.total}
    >
      <span className={css.check}>
        <input
          type="checkbox"
          tabIndex={props.tabbable ? 0 : -1}
          checked={props.checked}
          aria-label={t("stream.select", { author })}
          onChange={() => props.onCheck(mention.id)}
        />
        {mention.state === "new" && <span className={css.dot} title={t("state.new")} />}
      </span>
      <div className={css.body}>
        <div className={css.line}>
          <NetworkBadge network={post.network} />
          <a
            className={css.author}
            href={`/stream?mention=${mention.id}`}
            tabIndex={props.tabbable ? 0 : -1}
            aria-current={props.open || undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              props.onOpen(mention.id);
            }}
          >
            {author}
          </a>
          {post.author.verified && (
            <Icon name="check" size={14} label={t("mention.verified")} className={css.verified} />
          )}
          {post.author.followers !== null && (
            <span className={css.reach} title={t("mention.followers", { count: post.author.followers })}>
              <Icon name="reach" size={13} /> {compact(post.author.followers, locale)}
            </span>
          )}
          {community && <span className={css.community}>{community}</span>}
          <Time at={post.published_at} className={css.time} />
        </div>
        <p className={css.text}>{post.deleted ? <em>{t("mention.deleted")}</em> : <Excerpt mention={mention} />}</p>
        <div className={css.marks}>
          {mention.tone && <ToneLabel tone={mention.tone} />}
          {mention.copies > 0 && (
            <span className={css.mark} title={t("mention.copies", { count: mention.copies })}>
              <Icon name="copies" size={13} /> {t("mention.copiesShort", { count: mention.copies })}
            </span>
          )}
          {mention.tags.slice(0, MOST_TAGS).map((tag) => (
            <span key={tag} className={css.mark}>
              <Icon name="tag" size={13} /> {tag}
            </span>
          ))}
          {mention.tags.length > MOST_TAGS && <span className={css.mark}>+{mention.tags.length - MOST_TAGS}</span>}
          <span className={css.end}>
            {props.fresh && mention.state === "new" && <span className={css.fresh}>{t("stream.fresh")}</span>}
            {mention.state !== "new" && (
              <span className={css.state}>
                <Icon name={mention.state === "kept" ? "keep" : "bin"} size={13} /> {t(`state.${mention.state}`)}
              </span>
            )}
            {props.topic && <span className={css.topic}>{props.topic}</span>}
          </span>
        </div>
      </div>
    </li>
  );
});

/** The title and the part of the text around the first marked word. */
function Excerpt({ mention }: { mention: Mention }) {
  const { post, spans } = mention;
  const text = excerpt(post.text, spansOf(spans, false));
  return (
    <>
      {post.title && (
        <strong>
          <MarkedText text={post.title} spans={spansOf(spans, true)} />
          {post.text && " · "}
        </strong>
      )}
      <MarkedText text={text.text} spans={text.spans} />
    </>
  );
}
