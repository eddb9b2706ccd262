/** The words of a text worth comparing, in small letters. */
function wordsOf(text: string): Set<string> {
  return new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2));
}

/** Stories whose titles share most words with a text, the likest first; of equally like ones the order stays. */
export function likest<Story extends { title: string }>(
  stories: readonly Story[],
  text: string,
  most: number,
): Story[] {
  const wanted = wordsOf(text);
  const scored = stories.map((story) => {
    const words = wordsOf(story.title);
    // A word still being typed is the beginning of one.
    const found = [...wanted].filter((word) => words.has(word) || [...words].some((one) => one.startsWith(word)));
    return { story, score: found.length / Math.sqrt(Math.max(1, words.size)) };
  });
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ story }) => story);
}
