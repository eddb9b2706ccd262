/**
 * The forms of a word with those that hang an ending on it by an apostrophe (`Zara'ой`) behind the others: people write
 * them, but they do not tell how a word was understood.
 */
export function likeliest(forms: readonly string[], lemma: string): string[] {
  const hangs = (form: string) => form.length > lemma.length + 1 && form.startsWith(`${lemma}'`);
  return [...forms.filter((form) => !hangs(form)), ...forms.filter(hangs)];
}
