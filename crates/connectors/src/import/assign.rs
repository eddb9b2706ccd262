//! Which column of a file is which field, by their names.

use super::field::Field;

/// A column's name without case, spaces and punctuation; dots between the keys of nested objects stay.
pub(crate) fn plain_name(name: &str) -> String {
    let mut plain: String = name
        .to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            'ё' => Some('е'),
            '.' => Some('.'),
            letter if letter.is_alphanumeric() => Some(letter),
            _ => None,
        })
        .collect();
    while plain.ends_with('.') {
        plain.pop();
    }
    plain
}

/// Gives each field the best column of `found`; no column serves two fields.
pub(crate) fn assign(found: &[String]) -> Vec<(Field, usize)> {
    let plain: Vec<String> = found.iter().map(|name| plain_name(name)).collect();
    let mut taken = vec![false; found.len()];
    let mut assigned = Vec::new();
    for field in Field::ALL {
        let best = field
            .column_names()
            .iter()
            .find_map(|wanted| (0..plain.len()).find(|&column| !taken[column] && plain[column] == *wanted));
        if let Some(column) = best {
            taken[column] = true;
            assigned.push((field, column));
        }
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_recognised_in_three_languages() {
        let check = |header: &[&str]| {
            let found: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
            assign(&found)
                .into_iter()
                .map(|(field, column)| format!("{}={}", field.name(), header[column]))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            check(&["Tweet ID", "created_at", "full_text"]),
            ["id=Tweet ID", "text=full_text", "published=created_at"]
        );
        assert_eq!(
            check(&["Дата публикации", "Автор", "Текст сообщения", "Ссылка", "Лайки"]),
            ["text=Текст сообщения", "published=Дата публикации", "author=Автор", "url=Ссылка", "likes=Лайки"]
        );
        assert_eq!(check(&["Ім'я", "Допис", "Дата"]), ["text=Допис", "published=Дата", "author=Ім'я"]);
        assert_eq!(check(&["user.name", "user.id", "text"]), ["text=text", "author=user.name"]);
    }
}
