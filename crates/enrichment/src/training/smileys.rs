//! Labels that authors give themselves: a glad or a sad smiley.

const GLAD: &[&str] = &[
    ":)", ":-)", "=)", ";)", ":D", "^^", "^_^", "😊", "😃", "😄", "😀", "😂", "😍", "😘", "❤", "👍", "🎉", "😁", "😆",
    "💋", "👏", "🙏", "😎", "☺",
];
const SAD: &[&str] = &[
    ":(", ":-(", "=(", ":'(", ">_<", "-_-", "😡", "😢", "😭", "😞", "👎", "😠", "😔", "😒", "😩", "😤", "😱", "💔",
    "🤬", "😣",
];

/// Whether a text smiles or frowns; `None` when it does neither, or both.
pub(crate) fn smiley(text: &str) -> Option<bool> {
    let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    let opened = text.matches('(').count();
    let closed = text.matches(')').count();
    let glad = has(GLAD) || closed > opened || text.contains("))");
    let sad = has(SAD) || opened > closed || text.contains("((");
    (glad != sad).then_some(glad)
}
