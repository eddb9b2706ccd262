import { useTranslation } from "react-i18next";
import { Problem } from "~/api/problem";

/** The sentence for an error: the server's own where it has one, ours where nothing answered. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof Problem)) return t("errors.unexpected");
    if (error.status === 0 || error.status === 502 || error.status === 504) return t("errors.unreachable");
    // What is wrong with the fields says more than that something is.
    if (error.code === "invalid_fields" && error.fields.length > 0) {
      return [...new Set(error.fields.map(({ message }) => message))].join("; ");
    }
    if (error.detail) return error.detail;
    if (error.status === 404) return t("errors.notFound");
    if (error.status === 403) return t("errors.forbidden");
    if (error.status === 429) return t("errors.tooMany");
    return t("errors.answered", { status: error.status });
  };
}
