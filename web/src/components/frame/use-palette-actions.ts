import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sourcesQuery, topicsQuery, viewsQuery } from "~/api/queries";
import { offers } from "~/lib/offered";
import { COMMANDS } from "~/state/commands";
import { chooseLocale } from "~/state/locale";
import { LOCALE_NAMES, LOCALES, SCHEMES, schemePreference } from "~/state/preferences";
import { useOpenView } from "~/state/use-views";
import type { IconName } from "../icon";

export interface PaletteAction {
  id: string;
  icon: IconName;
  title: string;
  keys?: string;
  run: () => void;
}

/** What the palette offers: pages, topics, sources, and the switches of the app. */
export function usePaletteActions(onSheet: () => void): PaletteAction[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const topics = useQuery(topicsQuery).data ?? [];
  const sources = useQuery(sourcesQuery).data ?? [];

  const views = useQuery(viewsQuery).data ?? [];
  const openView = useOpenView();

  return [
    {
      id: "stream",
      icon: "stream",
      title: t("nav.stream"),
      keys: COMMANDS.goStream.shown[0],
      run: () => void navigate({ to: "/stream" }),
    },
    {
      id: "search",
      icon: "search",
      title: t("nav.search"),
      keys: COMMANDS.goSearch.shown[0],
      run: () => void navigate({ to: "/search" }),
    },
    {
      id: "questions",
      icon: "questions",
      title: t("nav.questions"),
      keys: COMMANDS.goQuestions.shown[0],
      run: () => void navigate({ to: "/questions" }),
    },
    ...(offers("listStories")
      ? [
          {
            id: "stories",
            icon: "copies" as const,
            title: t("nav.stories"),
            keys: COMMANDS.goStories.shown[0],
            run: () => void navigate({ to: "/stories" }),
          },
        ]
      : []),
    ...(offers("getLabelling")
      ? [
          {
            id: "labelling",
            icon: "finished" as const,
            title: t("nav.labelling"),
            keys: COMMANDS.goLabelling.shown[0],
            run: () => void navigate({ to: "/labelling" }),
          },
        ]
      : []),
    ...(offers("getModel")
      ? [
          {
            id: "model",
            icon: "bolt" as const,
            title: t("nav.model"),
            run: () => void navigate({ to: "/settings/model" }),
          },
        ]
      : []),
    ...(offers("listReplies")
      ? [
          {
            id: "outbox",
            icon: "send" as const,
            title: t("nav.outbox"),
            keys: COMMANDS.goOutbox.shown[0],
            run: () => void navigate({ to: "/outbox", search: {} }),
          },
          {
            id: "accounts",
            icon: "key" as const,
            title: t("nav.accounts"),
            run: () => void navigate({ to: "/settings/accounts" }),
          },
        ]
      : []),
    {
      id: "topics",
      icon: "topics",
      title: t("nav.topics"),
      keys: COMMANDS.goTopics.shown[0],
      run: () => void navigate({ to: "/topics" }),
    },
    {
      id: "sources",
      icon: "sources",
      title: t("nav.sources"),
      keys: COMMANDS.goSources.shown[0],
      run: () => void navigate({ to: "/sources" }),
    },
    {
      id: "settings",
      icon: "settings",
      title: t("nav.settings"),
      keys: COMMANDS.goSettings.shown[0],
      run: () => void navigate({ to: "/settings" }),
    },
    {
      id: "new-topic",
      icon: "plus",
      title: t("topics.add"),
      run: () => void navigate({ to: "/topics/$id", params: { id: "new" } }),
    },
    { id: "lists", icon: "list", title: t("nav.lists"), run: () => void navigate({ to: "/topics/lists" }) },
    {
      id: "add-source",
      icon: "plus",
      title: t("sources.add"),
      run: () => void navigate({ to: "/sources/add", search: {} }),
    },
    { id: "sheet", icon: "keyboard", title: t("shortcuts.title"), keys: "?", run: onSheet },
    ...SCHEMES.map((scheme) => ({
      id: `scheme-${scheme}`,
      icon: scheme === "dark" ? ("moon" as const) : scheme,
      title: t("palette.scheme", { scheme: t(`scheme.${scheme}`) }),
      run: () => schemePreference.set(scheme),
    })),
    ...LOCALES.map((locale) => ({
      id: `locale-${locale}`,
      icon: "user" as const,
      title: t("palette.language", { language: LOCALE_NAMES[locale] }),
      run: () => void chooseLocale(locale).catch(() => {}),
    })),
    ...topics.map((topic) => ({
      id: `topic-${topic.id}`,
      icon: "topics" as const,
      title: t("palette.topic", { name: topic.name }),
      run: () => void navigate({ to: "/stream", search: { topic: [topic.id] } }),
    })),
    ...views.map((view) => ({
      id: `view-${view.id}`,
      icon: "star" as const,
      title: t("palette.view", { page: t(`nav.${view.page}`), name: view.name }),
      run: () => openView(view),
    })),
    ...sources.map((source) => ({
      id: `source-${source.id}`,
      icon: "sources" as const,
      title: t("palette.source", { name: source.name }),
      run: () => void navigate({ to: "/sources/$id", params: { id: source.id } }),
    })),
  ];
}
