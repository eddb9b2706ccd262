/** What a text has to begin with so that its addressee is told: `@olena@m.example `. */
type Greeting = string | null;

/** Nothing is said beyond the greeting. */
export function saysNothing(text: string, greeting: Greeting): boolean {
  const said = text.trim();
  const start = greeting?.trim() ?? "";
  return (said.startsWith(start) ? said.slice(start.length) : said).trim() === "";
}

/** The text as it goes out: a greeting that was taken away is added. */
export function greeted(text: string, greeting: Greeting): string {
  const said = text.trim();
  return greeting === null || said.startsWith(greeting.trim()) ? said : greeting + said;
}

/** The same words with another greeting, for another account. */
export function greetedAnew(text: string, before: Greeting, after: Greeting): string {
  const start = before?.trim() ?? "";
  if (start !== "" && !text.trimStart().startsWith(start)) return text;
  return (after ?? "") + text.trimStart().slice(start.length).trimStart();
}
