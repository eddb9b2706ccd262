//! The language of Reddit's search, as far as programs use it: words and rows that must all be there, `AND`, `OR`, `NOT` in capitals,
//! brackets, and fields. Words are compared by their letters.

/// Characters of a search.
const LONGEST: usize = 512;
/// Brackets within brackets.
const DEEPEST: usize = 50;

/// A post, for a search.
pub(super) struct Searched<'a> {
    /// In small letters.
    pub text: &'a str,
    pub title: &'a str,
    pub author: &'a str,
    pub place: &'a str,
}

/// A search, read.
#[derive(Debug)]
pub(super) enum Query {
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
    /// These words, one behind the other.
    Row(Vec<String>),
    Title(Vec<String>),
    Author(String),
    Place(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    And,
    Or,
    Not,
    Open,
    Close,
    /// A field's name, if it is of one, and what stands behind it.
    Said(String, String),
}

impl Query {
    /// # Errors
    /// Why Reddit would not take it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        if text.chars().count() > LONGEST {
            return Err(format!("a search has at most {LONGEST} characters"));
        }
        let tokens = tokens(text)?;
        let mut rest = &tokens[..];
        let query = any(&mut rest, 0)?;
        if rest.is_empty() { Ok(query) } else { Err("a bracket too many".to_owned()) }
    }

    pub(super) fn finds(&self, post: &Searched<'_>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.finds(post)),
            Self::Any(any) => any.iter().any(|one| one.finds(post)),
            Self::Not(one) => !one.finds(post),
            Self::Row(row) => holds(post.text, row),
            Self::Title(row) => holds(post.title, row),
            Self::Author(name) => post.author.to_lowercase() == *name,
            Self::Place(name) => post.place.to_lowercase() == *name,
        }
    }
}

fn holds(text: &str, row: &[String]) -> bool {
    let said: Vec<&str> = words(text).collect();
    said.windows(row.len().max(1)).any(|window| window == row)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

fn any(rest: &mut &[Token], depth: usize) -> Result<Query, String> {
    if depth > DEEPEST {
        return Err("too many brackets".to_owned());
    }
    let mut choices = vec![all(rest, depth)?];
    while let [Token::Or, behind @ ..] = rest {
        *rest = behind;
        choices.push(all(rest, depth)?);
    }
    Ok(if choices.len() == 1 { choices.remove(0) } else { Query::Any(choices) })
}

fn all(rest: &mut &[Token], depth: usize) -> Result<Query, String> {
    let mut parts = Vec::new();
    loop {
        let is_not = matches!(rest, [Token::Not, ..]);
        if is_not {
            *rest = &rest[1..];
        }
        let part = match rest {
            [Token::Open, inside @ ..] => {
                *rest = inside;
                let query = any(rest, depth + 1)?;
                let [Token::Close, behind @ ..] = rest else { return Err("a bracket is not closed".to_owned()) };
                *rest = behind;
                query
            }
            [Token::Said(field, said), behind @ ..] => {
                let part = leaf(field, said)?;
                *rest = behind;
                part
            }
            _ => return Err("something is missing beside AND, OR or NOT".to_owned()),
        };
        parts.push(if is_not { Query::Not(Box::new(part)) } else { part });
        if let [Token::And, behind @ ..] = rest {
            *rest = behind;
        } else if matches!(rest, [] | [Token::Or | Token::Close, ..]) {
            return Ok(if parts.len() == 1 { parts.remove(0) } else { Query::All(parts) });
        }
    }
}

fn leaf(field: &str, said: &str) -> Result<Query, String> {
    let row = || words(said).map(str::to_owned).collect();
    match field {
        "" | "selftext" if words(said).next().is_none() => Err(format!("`{said}` is no word")),
        "" | "selftext" => Ok(Query::Row(row())),
        "title" => Ok(Query::Title(row())),
        "author" => Ok(Query::Author(said.to_owned())),
        "subreddit" => Ok(Query::Place(said.to_owned())),
        other => Err(format!("there is no field `{other}`")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let mut field = String::new();
        if let Some((name, behind)) = rest.split_once(':')
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_lowercase())
        {
            (field, rest) = (name.to_owned(), behind);
        }
        let end = |letter: char| letter.is_whitespace() || "()\"".contains(letter);
        let behind = match (first, rest.strip_prefix('"')) {
            (_, Some(row)) => {
                let (row, behind) = row.split_once('"').ok_or("a quotation mark is not closed")?;
                tokens.push(Token::Said(field, row.to_lowercase()));
                behind
            }
            ('(', _) => {
                tokens.push(Token::Open);
                &rest[1..]
            }
            (')', _) => {
                tokens.push(Token::Close);
                &rest[1..]
            }
            _ => {
                let (word, behind) = rest.split_at(rest.find(end).unwrap_or(rest.len()));
                tokens.push(match word {
                    "AND" => Token::And,
                    "OR" => Token::Or,
                    "NOT" => Token::Not,
                    word => Token::Said(field, word.to_lowercase()),
                });
                behind
            }
        };
        rest = behind.trim_start();
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: Searched<'static> =
        Searched {
            text: "опять нет связи: coca-cola", title: "опять нет", author: "person1001", place: "place1"
        };

    #[test]
    fn searches_find_what_reddit_would() {
        for query in [
            "связи",
            "Нет СВЯЗИ",
            "нет AND (вода OR связи)",
            "\"нет связи\" OR вода",
            "coca-cola",
            "связи NOT вода",
            "title:нет author:person1001 subreddit:place1",
            "(вода OR (опять AND нет)) связи",
            "selftext:\"нет связи\"",
        ] {
            assert!(Query::read(query).expect(query).finds(&POST), "{query}");
        }
        for query in ["связь", "\"связи нет\"", "нет вода", "NOT связи", "title:связи", "author:person1", "or"]
        {
            assert!(!Query::read(query).expect(query).finds(&POST), "{query}");
        }
    }

    #[test]
    fn what_reddit_does_not_take_is_refused() {
        let long = "слово ".repeat(100);
        for query in ["", "(нет", "нет)", "нет AND", "OR нет", "\"нет", "👍", "colour:red", &long] {
            assert!(Query::read(query).is_err(), "{query}");
        }
    }
}
