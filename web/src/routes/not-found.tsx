import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty } from "~/components/empty";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main>
      <Empty page icon="search" title={t("errors.noPage")} text={t("errors.noPageHint")}>
        <Button component={Link} to="/stream">
          {t("nav.stream")}
        </Button>
      </Empty>
    </main>
  );
}
