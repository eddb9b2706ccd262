import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { mentionQuery } from "~/api/queries";
import type { Mention, MentionState, Topic } from "~/api/types";
import { safeLink } from "~/lib/safe-link";
import { useJudge } from "~/state/use-judge";
import { Empty } from "../empty";
import { Icon } from "../icon";
import { Loading } from "../loading";
import { PageError } from "../page-error";
import { ToneButtons } from "../tone";
import { Copies } from "./copies";
import css from "./detail.module.css";
import { PostView } from "./post-view";
import { TagEditor } from "./tag-editor";
import { DETAIL } from "./use-stream-keys";

interface MentionDetailProps {
  id: string | undefined;
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
    ...mentionQuery(id ?? ""),
    enabled: id !== undefined && listed === undefined,
  });
  const mention = listed ?? (id ? query.data : undefined);
  const scroller = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another mention begins at its top
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [id]);

  if (!id) return <Empty icon="inbox" title={t("detail.none")} text={t("detail.noneHint")} />;
  if (!mention && query.isError) return <PageError error={query.error} reset={() => void query.refetch()} />;
  if (!mention) return <Loading />;

  return (
    <div className={css.detail}>
      <Toolbar mention={mention} onMove={onMove} onClose={onClose} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <div ref={scroller} id={DETAIL} className={css.scroll} tabIndex={0} role="region" aria-label={t("detail.post")}>
        <PostView mention={mention} topics={topics} />
        <Judgement mention={mention} />
        {(mention.copies > 0 || mention.copy_of) && <Copies mention={mention} />}
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

/** Tone and tags, as a person sets them. */
function Judgement({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const judge = useJudge();
  return (
    <section className={css.section}>
      <h2>{t("tone.title")}</h2>
      <ToneButtons tone={mention.tone} onChange={(tone) => judge.setTone([mention], tone)} />
      <h2>{t("tags.title")}</h2>
      <TagEditor
        tags={mention.tags}
        onAdd={(tag) => judge.addTag([mention], tag)}
        onRemove={(tag) => judge.removeTag([mention], tag)}
      />
    </section>
  );
}
