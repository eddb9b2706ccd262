import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, type LinkProps, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty } from "./empty";
import { Icon } from "./icon";
import { useProblemText } from "./use-problem-text";

interface PageErrorProps {
  error: unknown;
  reset?: () => void;
  /** Nothing else is on the page. */
  page?: boolean;
  /** The way out where trying again may never help: the list that what was asked for would stand in. */
  back?: { name: string; to: LinkProps["to"] } | { name: string; go: () => void };
}

/** What went wrong and a way to try again, in place of a page or a part of it. */
export function PageError({ error, reset, page = false, back }: PageErrorProps) {
  const { t } = useTranslation();
  const text = useProblemText();
  const router = useRouter();
  const cache = useQueryClient();
  const retry = () => {
    reset?.();
    void cache.refetchQueries({ predicate: (query) => query.state.status === "error" });
    void router.invalidate();
  };
  return (
    <Empty page={page} icon="warning" bad title={t("errors.title")} text={text(error)}>
      <Button onClick={retry} leftSection={<Icon name="retry" />}>
        {t("common.retry")}
      </Button>
      {back && "to" in back && (
        <Button component={Link} to={back.to} variant="default" leftSection={<Icon name="left" />}>
          {t("errors.backTo", { name: back.name })}
        </Button>
      )}
      {back && "go" in back && (
        <Button variant="default" leftSection={<Icon name="left" />} onClick={back.go}>
          {t("errors.backTo", { name: back.name })}
        </Button>
      )}
    </Empty>
  );
}
