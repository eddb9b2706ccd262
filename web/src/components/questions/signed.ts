const kept = new Map<string, Intl.NumberFormat>();

/** `+12.5`, `0`, `−3`: a figure whose sign matters. */
export function signed(value: number, locale: string, digits = 1): string {
  const key = `${locale} ${digits}`;
  let format = kept.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits: digits, signDisplay: "exceptZero" });
    kept.set(key, format);
  }
  return format.format(value).replace("-", "−");
}
