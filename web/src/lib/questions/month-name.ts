/** `2026-03` as the name of the month. */
export function monthName(month: string, locale: string): string {
  const at = Date.parse(`${month}-15T00:00:00Z`);
  if (Number.isNaN(at)) return month;
  return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(at);
}
