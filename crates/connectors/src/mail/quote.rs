//! Where the answer ends and the letter it answers begins. Cut is only what is surely a quotation at the end: a person's own
//! words are worth more than a tidy text.

/// Words that open the line above a quotation: `On …, Anna wrote:`.
const WROTE: &[&str] =
    &["wrote", "writes", "пишет", "писал", "написал", "пише", "писав", "schrieb", "a écrit", "escribió"];
/// Lines that open a letter quoted whole.
const ORIGINAL: &[&str] = &[
    "original message",
    "исходное сообщение",
    "оригінальне повідомлення",
    "початкове повідомлення",
    "ursprüngliche nachricht",
];
/// Beginnings of a subject under which a letter is passed on.
const PASSED_ON: &[&str] = &["fwd:", "fw:", "пересл:", "wg:"];
const FROM: &[&str] = &["from:", "от:", "від:", "отправитель:", "von:"];
const OTHERS: &[&str] = &[
    "sent:",
    "date:",
    "to:",
    "subject:",
    "cc:",
    "дата:",
    "отправлено:",
    "кому:",
    "тема:",
    "копия:",
    "надіслано:",
    "копія:",
    "gesendet:",
    "an:",
    "betreff:",
];

/// Whether a letter of this subject passes another on.
pub(super) fn passes_on(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    PASSED_ON.iter().any(|beginning| subject.starts_with(beginning))
}

/// The text without a quoted letter at its end; the whole text when there is none, or when nothing would be left.
pub(super) fn own_words(text: &str) -> &str {
    let lines: Vec<&str> = text.lines().collect();
    let end = opened_whole(&lines).or_else(|| marked_lines(&lines)).unwrap_or(lines.len());
    let kept = start_of_line(text, &lines, end);
    let own = text[..kept].trim_end();
    if own.trim().is_empty() { text } else { own }
}

/// The line at which a letter is quoted with its headers, as Outlook does.
fn opened_whole(lines: &[&str]) -> Option<usize> {
    (1..lines.len()).find_map(|index| {
        let line = lines[index].trim().to_lowercase();
        if line.starts_with("--") && line.ends_with("--") && ORIGINAL.iter().any(|words| line.contains(words)) {
            return Some(index);
        }
        if !FROM.iter().any(|word| bare(&line).starts_with(word)) {
            return None;
        }
        let following = lines[index + 1..].iter().take(5).map(|line| line.trim().to_lowercase());
        let headers = following.filter(|line| OTHERS.iter().any(|word| bare(line).starts_with(word))).count();
        // A rule above belongs to it.
        let rule = lines[index - 1].trim();
        let ruled = rule.len() >= 5 && rule.chars().all(|c| c == '_' || c == '-');
        (headers >= 2).then_some(if ruled { index - 1 } else { index })
    })
}

/// Without the marks that stand for bold.
fn bare(line: &str) -> &str {
    line.trim_start_matches(['*', ' '])
}

/// The line at which the lines marked with `>` begin, when nothing but they follow; with the line above that says who wrote.
fn marked_lines(lines: &[&str]) -> Option<usize> {
    let mut begin = lines.len();
    let mut marked = 0;
    for (index, line) in lines.iter().enumerate().rev() {
        let line = line.trim();
        if line.starts_with('>') {
            (begin, marked) = (index, marked + 1);
        } else if !line.is_empty() {
            break;
        }
    }
    if marked == 0 {
        return None;
    }
    // Who wrote stands on one line or, folded by the program, on two; blank lines may lie between.
    let above = (0..begin).rev().find(|index| !lines[*index].trim().is_empty())?;
    let line = lines[above].trim().to_lowercase();
    let ends_it = line.ends_with(':') && (WROTE.iter().any(|word| line.contains(word)) || line.contains('@'));
    if ends_it {
        let before = above.checked_sub(1).map(|before| lines[before].trim().to_lowercase()).unwrap_or_default();
        let goes_on = line.starts_with('<') || WROTE.iter().any(|word| line.starts_with(word));
        let begun = ["on ", "am ", "le ", "el "].iter().any(|word| before.starts_with(word));
        return Some(if !before.is_empty() && (goes_on || begun) { above - 1 } else { above });
    }
    // Marked lines without a word on who wrote them are a quotation as well.
    Some(begin)
}

fn start_of_line(text: &str, lines: &[&str], index: usize) -> usize {
    lines.get(index).map_or(text.len(), |line| line.as_ptr() as usize - text.as_ptr() as usize)
}

/// The part of an HTML letter before the quotation that well-known programs mark, or before one in which it ends; the whole when
/// there is none.
pub(super) fn own_markup(html: &str) -> &str {
    const MARKS: &[&str] = &[
        "class=\"gmail_quote",
        "class='gmail_quote",
        "id=\"divrplyfwdmsg\"",
        "id=\"appendonsend\"",
        "class=\"moz-cite-prefix\"",
        "class=\"yahoo_quoted",
        "<blockquote type=\"cite\"",
    ];
    let lower = html.to_ascii_lowercase();
    let found = MARKS.iter().filter_map(|mark| lower.find(mark)).min();
    let marked = found.and_then(|at| lower[..=at].rfind('<'));
    marked.or_else(|| last_quotation(&lower)).map_or(html, |tag| &html[..tag])
}

/// Where the quotation begins in which the markup ends.
fn last_quotation(lower: &str) -> Option<usize> {
    const END: &str = "</blockquote>";
    let end = lower.rfind(END)?;
    let words_follow = lower[end + END.len()..].split('<').any(|piece| {
        let words = piece.split_once('>').map_or(piece, |(_, words)| words);
        !words.replace("&nbsp;", " ").trim().is_empty()
    });
    if words_follow {
        return None;
    }
    let mut depth = 0;
    for (at, tag) in lower[..end + END.len()].rmatch_indices("blockquote") {
        match (lower[..at].ends_with("</"), lower[..at].ends_with('<')) {
            (true, _) => depth += 1,
            (_, true) => depth -= 1,
            _ => continue,
        }
        debug_assert_eq!(tag, "blockquote");
        if depth == 0 {
            return Some(at - 1);
        }
    }
    None
}

/// Without a last line that says who wrote, where a quotation was cut off behind it.
pub(super) fn without_who_wrote<'t>(own: &'t str, markup: &str) -> &'t str {
    let was_cut = own_markup(markup).len() < markup.len();
    let (before, last) = own.rsplit_once('\n').unwrap_or(("", own));
    let line = last.trim().to_lowercase();
    let names = line.ends_with(':') && (WROTE.iter().any(|word| line.contains(word)) || line.contains('@'));
    if was_cut && names { before.trim_end() } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, kept: &str) {
        assert_eq!(own_words(text), kept, "of {text:?}");
    }

    #[test]
    fn a_quotation_at_the_end_is_cut_off_with_the_line_above() {
        check(
            "Нет, не работает.\n\nпт, 3 апр. 2026 г. в 12:01, Анна <a@b.example> пишет:\n> Проверьте\n> ещё раз",
            "Нет, не работает.",
        );
        check(
            "Thanks!\n\nOn Fri, Apr 3, 2026 at 12:01 PM Anna Long Name\n<a@b.example> wrote:\n\n> one\n>\n> two\n",
            "Thanks!",
        );
        check("Так.\n> старе", "Так.");
    }

    #[test]
    fn a_letter_quoted_with_its_headers_is_cut_off() {
        check(
            "Done.\n\n________________________________\nFrom: A <a@b>\nSent: Friday\nTo: C\nSubject: x\n\nold",
            "Done.",
        );
        check("Готово\n-----Исходное сообщение-----\nОт: А\nстарое", "Готово");
        check("Да\n\n*От:* А\n*Дата:* 3 апреля\n*Кому:* Б\n\nстарое", "Да");
    }

    #[test]
    fn what_may_be_the_authors_own_words_stays() {
        for text in [
            "> You asked\nand I answer here\n> and here\nand below",
            "> everything is quoted",
            "Пишу вам:\nсвязи нет",
            "From: Minsk\nI travelled to Brest",
            "5 > 3\nи это всё",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn the_quotation_of_an_html_letter_is_cut_at_its_mark() {
        let html = "<p>Спасибо</p><div dir=\"ltr\" class=\"gmail_quote\"><blockquote>old</blockquote></div>";
        assert_eq!(own_markup(html), "<p>Спасибо</p>");
        assert_eq!(own_markup("<p>все слова мои</p>"), "<p>все слова мои</p>");
        let last = "<p>Нет</p><blockquote>a<blockquote>b</blockquote></blockquote><p>&nbsp;</p>";
        assert_eq!(own_markup(last), "<p>Нет</p>");
        let between = "<blockquote>вопрос</blockquote><p>ответ</p>";
        assert_eq!(own_markup(between), between);
    }
}
