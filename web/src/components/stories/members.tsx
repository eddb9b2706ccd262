import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StoryDetail } from "~/api/stories";
import type { Mention } from "~/api/types";
import type { Selection } from "~/lib/selection";
import { excerpt, spansOf } from "~/lib/spans";
import { useFound } from "~/state/use-search";
import { useShortcuts } from "~/state/use-shortcuts";
import { useStoryChanges } from "~/state/use-story-changes";
import { JudgementMarks } from "../judgement/marks";
import { Loading } from "../loading";
import { MarkedText } from "../marked-text";
import { NetworkBadge } from "../network-badge";
import { PageError } from "../page-error";
import { Time } from "../time";
import css from "./stories.module.css";

const ALIKE = { tone: true, intents: true, stage: true, spam: true } as const;

/** The posts of a story, the earliest first; some can be taken out of it. */
export function Members({ story }: { story: StoryDetail }) {
  const { t } = useTranslation();
  const { split } = useStoryChanges();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const selection = useMemo<Selection>(
    () => ({ story: [story.id], include: ["binned", "copies", "spam"] }),
    [story.id],
  );
  const { query, items } = useFound(selection, "oldest");
  // What was taken out leaves at once, though the list is still that of before.
  const members = items.filter((mention) => mention.story?.id === story.id);

  const toggle = (id: string) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const takeOut = async (mentions: readonly Mention[]) => {
    if (mentions.length === 0 || busy) return;
    const at = members.findIndex(({ id }) => id === mentions[0]?.id);
    const rest = members.filter((one) => !mentions.includes(one));
    const next = rest.find((one) => members.indexOf(one) > at) ?? rest.at(-1);
    setBusy(true);
    const made = await split(story.id, mentions);
    setBusy(false);
    if (!made) return;
    setChosen(new Set());
    // A story keeps its first post: where that was taken out, the others are the new story, and the reader goes with them.
    if (mentions.some(({ post }) => post.id === story.first?.post.id)) {
      void navigate({ to: "/stories/$id", params: { id: made.id } });
      return;
    }
    // The focus goes to the one that follows, which is there already: the row it stood on is about to go.
    list.current?.querySelector<HTMLElement>(`[data-member="${next?.id}"] input`)?.focus();
  };

  const focused = () => members.find(({ id }) => id === rowOf(document.activeElement)?.dataset.member);
  const step = (by: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-member]") ?? [])];
    const row = rowOf(document.activeElement);
    const at = row ? rows.indexOf(row) : -1;
    focusRow(list.current, Math.min(rows.length - 1, Math.max(0, at + by)));
  };
  useShortcuts({
    next: () => step(1),
    previous: () => step(-1),
    select: () => {
      const mention = focused();
      if (mention) toggle(mention.id);
    },
    notHere: () => {
      const picked = members.filter(({ id }) => chosen.has(id));
      const mention = focused();
      void takeOut(picked.length > 0 ? picked : mention ? [mention] : []);
    },
    close: () => setChosen(new Set()),
  });

  return (
    <section className={`card ${css.members}`} aria-label={t("stories.members")}>
      <div className={css.membersHead}>
        <h2>{t("stories.members")}</h2>
        <Link to="/search" search={{ story: [story.id], include: ["copies", "spam"] } as never}>
          {t("stories.inSearch")}
        </Link>
        {chosen.size > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            loading={busy}
            onClick={() => void takeOut(members.filter(({ id }) => chosen.has(id)))}
          >
            {t("stories.split", { count: chosen.size })} <kbd aria-hidden>D</kbd>
          </Button>
        )}
      </div>
      {query.isPending && <Loading />}
      {query.isError && items.length === 0 && <PageError error={query.error} reset={() => void query.refetch()} />}
      <ul ref={list}>
        {members.map((mention) => {
          const { id, post } = mention;
          const author = post.author.name ?? post.author.handle ?? t("mention.unknownAuthor");
          const text = excerpt(post.text, spansOf(mention.spans, false));
          return (
            <li key={id} className={css.member} data-member={id}>
              <input
                type="checkbox"
                checked={chosen.has(id)}
                aria-label={t("stories.take", { author })}
                onChange={() => toggle(id)}
              />
              <div>
                <p className={css.facts}>
                  <NetworkBadge network={post.network} size={18} />
                  <Link to="/stream" search={{ mention: id }} className={css.author}>
                    {author}
                  </Link>
                  <Time at={post.published_at} />
                  <JudgementMarks mention={mention} alike={ALIKE} />
                  <button type="button" className={css.notHere} disabled={busy} onClick={() => void takeOut([mention])}>
                    {t("story.notHere")}
                    <span className="hidden">: {author}</span>
                  </button>
                </p>
                <p className={css.text}>
                  <MarkedText text={text.text} spans={text.spans} />
                </p>
              </div>
            </li>
          );
        })}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="compact-md"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("stories.moreMembers")}
        </Button>
      )}
    </section>
  );
}

function rowOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>("[data-member]") ?? null;
}

function focusRow(list: HTMLElement | null, at: number): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("[data-member]") ?? [])];
  rows[Math.min(at, rows.length - 1)]?.querySelector("input")?.focus();
}
