/**
 * A sentence of the server: it begins small and names things in backticks, which suits logs; here it begins with a capital
 * and the names stand as code.
 */
export function Sentence({ text }: { text: string }) {
  const parts = (text.charAt(0).toLocaleUpperCase() + text.slice(1)).split("`");
  // An odd number of backticks is no pair: the text then stands as it is.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, index) => {
    const key = `${index}-${part}`;
    return index % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}
