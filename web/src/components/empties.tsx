import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty } from "./empty";
import { Icon } from "./icon";

/** Nothing is listened for yet: the first step. */
export function NoTopics() {
  const { t } = useTranslation();
  return (
    <Empty icon="topics" title={t("stream.noTopics")} text={t("stream.noTopicsHint")}>
      <Button component={Link} to="/welcome" leftSection={<Icon name="plus" />}>
        {t("topics.addFirst")}
      </Button>
    </Empty>
  );
}

interface NothingYetProps {
  icon: "stream" | "search";
  title: string;
  text: string;
}

/** Nothing has come: where to look why. */
export function NothingYet({ icon, title, text }: NothingYetProps) {
  const { t } = useTranslation();
  return (
    <Empty icon={icon} title={title} text={text}>
      <Button component={Link} to="/topics" variant="default">
        {t("stream.checkTopics")}
      </Button>
      <Button component={Link} to="/sources" variant="default">
        {t("stream.checkSources")}
      </Button>
    </Empty>
  );
}
