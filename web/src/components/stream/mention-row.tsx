import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Mention } from "~/api/types";
import { common, type Fold } from "~/lib/folds";
import { compact } from "~/lib/format";
import { intentKey, isSpam } from "~/lib/judgement";
import { excerpt, spansOf } from "~/lib/spans";
import { Icon } from "../icon";
import { JudgementMarks, StoryMark } from "../judgement/marks";
import { MarkedText } from "../marked-text";
import { NetworkBadge } from "../network-badge";
import { Time } from "../time";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import css from "./row.module.css";

interface RowProps {
  /** The mentions of one post, mostly one. */
  fold: Fold;
  topics: ReadonlyMap<string, string>;
  top: number;
  height: number;
  position: number;
  /** -1 while the end is not known. */
  total: number;
  /** The mention of this row that is open. */
  openId: string | undefined;
  /** The one row that the Tab key reaches. */
  tabbable: boolean;
  checked: "all" | "some" | "none";
  fresh: boolean;
  onOpen: (id: string) => void;
  onCheck: (mentions: readonly Mention[]) => void;
}

const MOST_TAGS = 3;

export const MentionRow = memo(function MentionRow(props: RowProps) {
  const { fold, openId } = props;
  const { lead, mentions } = fold;
  const { t } = useTranslation();
  const locale = useLocale();
  const { post } = lead;
  const author = post.author.name ?? post.author.handle ?? t("mention.unknownAuthor");
  const state = common(mentions, (mention) => mention.state);
  const tone = common(mentions, (mention) => mention.tone);
  const alike = {
    tone: tone !== undefined,
    intents: common(mentions, intentKey) !== undefined,
    stage: common(mentions, (mention) => mention.stage) !== undefined,
    spam: common(mentions, isSpam) !== undefined,
  };
  const unread = mentions.some((mention) => mention.state === "new");
  const tags = [...new Set(mentions.flatMap((mention) => mention.tags))];
  const community = post.community?.title ?? post.community?.key;

  return (
    <li
      className={css.row}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      data-id={lead.id}
      data-open={openId !== undefined}
      data-state={state ?? "mixed"}
      aria-posinset={props.position}
      aria-setsize={props.total}
    >
      <span className={css.check}>
        <RowCheck
          checked={props.checked}
          tabIndex={props.tabbable ? 0 : -1}
          label={
            mentions.length > 1
              ? t("stream.selectFold", { author, count: mentions.length })
              : t("stream.select", { author })
          }
          onChange={() => props.onCheck(mentions)}
        />
        {unread && <span className={css.dot} title={t("state.new")} />}
      </span>
      <div className={css.body}>
        <div className={css.line}>
          <NetworkBadge network={post.network} />
          <a
            className={css.author}
            href={`/stream?mention=${lead.id}`}
            tabIndex={props.tabbable ? 0 : -1}
            aria-current={openId !== undefined || undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              props.onOpen(lead.id);
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
        <p className={css.text}>{post.deleted ? <em>{t("mention.deleted")}</em> : <Excerpt mention={lead} />}</p>
        <div className={css.marks}>
          <JudgementMarks mention={lead} alike={alike} />
          {lead.edits > 0 && <span className={css.mark}>{t("mention.edited")}</span>}
          {lead.answers && <span className={css.mark}>{t("mention.answersUs")}</span>}
          {lead.story ? (
            <StoryMark mention={lead} tabIndex={props.tabbable ? 0 : -1} />
          ) : (
            lead.copies > 0 && (
              <span className={css.mark} title={t("mention.copies", { count: lead.copies })}>
                <Icon name="copies" size={13} /> {t("mention.copiesShort", { count: lead.copies })}
              </span>
            )
          )}
          {tags.slice(0, MOST_TAGS).map((tag) => (
            <span key={tag} className={css.mark}>
              <Icon name="tag" size={13} /> <span className={css.chipName}>{tag}</span>
            </span>
          ))}
          {tags.length > MOST_TAGS && <span className={css.mark}>+{tags.length - MOST_TAGS}</span>}
          <span className={css.end}>
            {props.fresh && unread && <span className={css.fresh}>{t("stream.fresh")}</span>}
            {state && state !== "new" && (
              <span className={css.state}>
                <Icon name={state === "kept" ? "keep" : "bin"} size={13} /> {t(`state.${state}`)}
              </span>
            )}
            {mentions.length === 1 ? (
              <span className={css.topic}>{props.topics.get(lead.topic_id)}</span>
            ) : (
              mentions.map((mention) => (
                <TopicChip
                  key={mention.id}
                  mention={mention}
                  name={props.topics.get(mention.topic_id)}
                  open={mention.id === openId}
                  toned={tone === undefined}
                  stated={state === undefined}
                  tabIndex={props.tabbable ? 0 : -1}
                  onOpen={props.onOpen}
                />
              ))
            )}
          </span>
        </div>
      </div>
    </li>
  );
});

interface RowCheckProps {
  checked: RowProps["checked"];
  tabIndex: number;
  label: string;
  onChange: () => void;
}

function RowCheck({ checked, tabIndex, label, onChange }: RowCheckProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = checked === "some";
  }, [checked]);
  return (
    <input
      ref={box}
      type="checkbox"
      tabIndex={tabIndex}
      checked={checked === "all"}
      aria-label={label}
      onChange={onChange}
    />
  );
}

interface TopicChipProps {
  mention: Mention;
  name: string | undefined;
  open: boolean;
  /** The mentions of the row differ in tone, so each says its own; so with their state. */
  toned: boolean;
  stated: boolean;
  tabIndex: number;
  onOpen: (id: string) => void;
}

/** One of the topics that found the post; opens its own mention, which is judged by itself. */
function TopicChip({ mention, name, open, toned, stated, tabIndex, onOpen }: TopicChipProps) {
  const { t } = useTranslation();
  const { state, tone } = mention;
  const marks = [name, toned && tone && t(`tone.${tone}`), stated && t(`state.${state}`)].filter(Boolean);
  return (
    <button
      type="button"
      className={css.chip}
      tabIndex={tabIndex}
      aria-pressed={open}
      title={marks.join(" · ")}
      onClick={() => onOpen(mention.id)}
    >
      {toned && tone && (
        <>
          <span aria-hidden>{TONE_SIGNS[tone]}</span>
          <span className="hidden">{t(`tone.${tone}`)}</span>
        </>
      )}
      {stated && state !== "new" && (
        <Icon name={state === "kept" ? "keep" : "bin"} size={12} label={t(`state.${state}`)} />
      )}
      <span className={css.chipName}>{name}</span>
    </button>
  );
}

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
