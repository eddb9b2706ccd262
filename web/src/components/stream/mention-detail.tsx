import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { explanationQuery, mentionQuery } from "~/api/queries";
import type { Mention, MentionState, Reason, Topic } from "~/api/types";
import { speakOf } from "~/i18n";
import { offers } from "~/lib/offered";
import { headsOf } from "~/lib/reasons";
import { safeLink } from "~/lib/safe-link";
import { useJudge } from "~/state/use-judge";
import { Icon } from "../icon";
import { Why } from "../judgement/explanation";
import { JudgementPanel } from "../judgement/panel";
import { Loading } from "../loading";
import { PageError } from "../page-error";
import { Copies } from "./copies";
import css from "./detail.module.css";
import { Facts, PostView } from "./post-view";
import { StoryPart } from "./story-part";
import { TagEditor } from "./tag-editor";
import { DETAIL } from "./use-stream-keys";

/** Comes with the first mention that is opened: not every list is answered. */
const ReplyPart = lazy(async () => {
  const [{ ReplyPart: found }] = await Promise.all([import("../replies/reply-part"), speakOf("replies")]);
  return { default: found };
});

interface MentionDetailProps {
  id: string;
  /** The mention as the list has it, shown at once. */
  listed: Mention | undefined;
  topics: Topic[] | undefined;
  onMove: (step: number) => void;
  onClose: () => void;
  /** What stands below, for the open mention. */
  below?: (mention: Mention) => ReactNode;
}

/** The open mention: the whole post, why it is here, and what can be done with it. */
export function MentionDetail({ id, listed, topics, onMove, onClose, below }: MentionDetailProps) {
  const { t } = useTranslation();
  const query = useQuery({
    ...mentionQuery(id),
    enabled: listed === undefined,
  });
  const mention = listed ?? query.data;
  const explained = useExplained(mention);
  const scroller = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another mention begins at its top
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [id]);

  if (!mention && query.isError) {
    const back = { name: t("stream.list"), go: onClose };
    return <PageError error={query.error} reset={() => void query.refetch()} back={back} />;
  }
  if (!mention) return <Loading />;

  return (
    <div className={css.detail}>
      <Toolbar mention={mention} onMove={onMove} onClose={onClose} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <div ref={scroller} id={DETAIL} className={css.scroll} tabIndex={0} role="region" aria-label={t("detail.post")}>
        <PostView mention={mention} topics={topics} reasons={explained.reasons} />
        {offers("createReply") && (
          <Suspense fallback={<div className={css.replying} />}>
            <ReplyPart mention={mention} />
          </Suspense>
        )}
        <JudgementPanel mention={mention} />
        {explained.pending && <p className={css.explaining}>{t("judgement.explaining")}</p>}
        {explained.failed && (
          <p className={css.explaining}>
            {t("judgement.failed")}{" "}
            <button type="button" className="bare" onClick={explained.retry}>
              {t("common.retry")}
            </button>
          </p>
        )}
        {explained.explanation && explained.shown && (
          <Why
            mention={mention}
            explanation={explained.explanation}
            heads={explained.heads}
            shown={explained.shown}
            onShow={explained.show}
          />
        )}
        <Tags mention={mention} />
        <StoryPart mention={mention} />
        {(mention.copies > 0 || mention.copy_of) && <Copies mention={mention} />}
        <section className={css.about} aria-label={t("detail.about")}>
          <Facts mention={mention} />
        </section>
        {below?.(mention)}
      </div>
    </div>
  );
}

function Toolbar({ mention, onMove, onClose }: { mention: Mention } & Pick<MentionDetailProps, "onMove" | "onClose">) {
  const { t } = useTranslation();
  const judge = useJudge();
  const original = safeLink(mention.post.url);
  const toggle = (state: MentionState) => judge.setState([mention], mention.state === state ? "new" : state);
  return (
    <div className={css.toolbar} role="toolbar" aria-label={t("detail.actions")}>
      <ActionIcon className={css.back} variant="subtle" color="gray" aria-label={t("detail.back")} onClick={onClose}>
        <Icon name="left" size={20} />
      </ActionIcon>
      <Button
        size="compact-md"
        variant={mention.state === "kept" ? "light" : "default"}
        aria-pressed={mention.state === "kept"}
        leftSection={<Icon name="keep" size={15} />}
        title={`${t("mention.keep")} (E)`}
        onClick={() => toggle("kept")}
      >
        {t(mention.state === "kept" ? "state.kept" : "mention.keep")}
      </Button>
      <Button
        size="compact-md"
        variant={mention.state === "binned" ? "light" : "default"}
        color={mention.state === "binned" ? "red" : undefined}
        aria-pressed={mention.state === "binned"}
        leftSection={<Icon name="bin" size={15} />}
        title={`${t("mention.bin")} (B)`}
        onClick={() => toggle("binned")}
      >
        {t(mention.state === "binned" ? "state.binned" : "mention.bin")}
      </Button>
      <span className={css.spread} />
      {original && (
        <ActionIcon
          component="a"
          href={original}
          target="_blank"
          rel="noopener noreferrer nofollow"
          variant="subtle"
          color="gray"
          aria-label={t("detail.original")}
          title={`${t("detail.original")} (O)`}
        >
          <Icon name="external" size={18} />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("detail.previous")}
        title={`${t("detail.previous")} (K)`}
        onClick={() => onMove(-1)}
      >
        <Icon name="up" size={18} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("detail.next")}
        title={`${t("detail.next")} (J)`}
        onClick={() => onMove(1)}
      >
        <Icon name="up" size={18} style={{ transform: "rotate(180deg)" }} />
      </ActionIcon>
      <ActionIcon
        className={css.closer}
        variant="subtle"
        color="gray"
        aria-label={t("common.close")}
        title={`${t("common.close")} (Esc)`}
        onClick={onClose}
      >
        <Icon name="close" size={18} />
      </ActionIcon>
    </div>
  );
}

/** Tags, as people set them. */
function Tags({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const judge = useJudge();
  return (
    <section className={css.section}>
      <h2>{t("tags.title")}</h2>
      <TagEditor
        tags={mention.tags}
        onAdd={(tag) => judge.addTag([mention], tag)}
        onRemove={(tag) => judge.removeTag([mention], tag)}
      />
    </section>
  );
}

const NO_REASONS: readonly Reason[] = [];

/** Which words and signs decided, where the server can tell. */
function useExplained(mention: Mention | undefined) {
  const [key, setKey] = useState("tone");
  const told = Boolean(mention?.machine) && offers("explainMention");
  const query = useQuery({ ...explanationQuery(mention?.id ?? ""), enabled: told });
  const explanation = told ? query.data : undefined;
  const heads = useMemo(() => (explanation && mention ? headsOf(explanation, mention) : []), [explanation, mention]);
  const shown = heads.find((head) => head.key === key) ?? heads[0];
  return {
    explanation,
    heads,
    shown,
    show: setKey,
    reasons: shown?.reasons ?? NO_REASONS,
    pending: told && query.isPending,
    failed: told && query.isError,
    retry: () => void query.refetch(),
  };
}
