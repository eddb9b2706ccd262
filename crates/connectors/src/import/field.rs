//! Which parts of a post a column may hold, and the names people give such columns in English, Russian and Ukrainian.

/// A part of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Id,
    Text,
    Title,
    Published,
    Author,
    Handle,
    Url,
    Network,
    Community,
    Language,
    Kind,
    Likes,
    Reposts,
    Comments,
    Views,
    Rating,
    Followers,
    City,
    Region,
    Country,
}

impl Field {
    pub(crate) const COUNT: usize = Self::ALL.len();

    /// In the order of declaration; also the order in which columns are claimed.
    pub(crate) const ALL: [Self; 20] = [
        Self::Id,
        Self::Text,
        Self::Title,
        Self::Published,
        Self::Author,
        Self::Handle,
        Self::Url,
        Self::Network,
        Self::Community,
        Self::Language,
        Self::Kind,
        Self::Likes,
        Self::Reposts,
        Self::Comments,
        Self::Views,
        Self::Rating,
        Self::Followers,
        Self::City,
        Self::Region,
        Self::Country,
    ];

    /// The name used in a plan.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Title => "title",
            Self::Published => "published",
            Self::Author => "author",
            Self::Handle => "handle",
            Self::Url => "url",
            Self::Network => "network",
            Self::Community => "community",
            Self::Language => "language",
            Self::Kind => "kind",
            Self::Likes => "likes",
            Self::Reposts => "reposts",
            Self::Comments => "comments",
            Self::Views => "views",
            Self::Rating => "rating",
            Self::Followers => "followers",
            Self::City => "city",
            Self::Region => "region",
            Self::Country => "country",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Column names that mean this field, best first, as [`plain_name`] writes them.
    pub(crate) const fn column_names(self) -> &'static [&'static str] {
        match self {
            Self::Id => &[
                "id",
                "idstr",
                "postid",
                "tweetid",
                "statusid",
                "messageid",
                "commentid",
                "reviewid",
                "guid",
                "uri",
                "ид",
                "айди",
                "идентификатор",
                "idпоста",
                "idсообщения",
                "ідентифікатор",
            ],
            Self::Text => &[
                "text",
                "fulltext",
                "content",
                "message",
                "body",
                "post",
                "tweet",
                "comment",
                "review",
                "selftext",
                "description",
                "текст",
                "полныйтекст",
                "текстсообщения",
                "текстпоста",
                "текстотзыва",
                "сообщение",
                "содержание",
                "содержимое",
                "отзыв",
                "комментарий",
                "пост",
                "публикация",
                "повнийтекст",
                "текстповідомлення",
                "повідомлення",
                "зміст",
                "вміст",
                "відгук",
                "коментар",
                "допис",
            ],
            Self::Title => &["title", "subject", "headline", "заголовок", "тема", "название", "назва"],
            Self::Published => &[
                "published",
                "publishedat",
                "createdat",
                "created",
                "createdutc",
                "createdtime",
                "datetime",
                "date",
                "timestamp",
                "postedat",
                "posted",
                "postdate",
                "publishdate",
                "pubdate",
                "time",
                "опубликовано",
                "датапубликации",
                "датаивремя",
                "датасоздания",
                "дата",
                "время",
                "опубліковано",
                "датапублікації",
                "датаічас",
                "датастворення",
                "час",
            ],
            Self::Author => &[
                "author",
                "authorname",
                "author.name",
                "author.displayname",
                "user.name",
                "from.name",
                "displayname",
                "fullname",
                "name",
                "user",
                "автор",
                "имяавтора",
                "авторимя",
                "имя",
                "фио",
                "пользователь",
                "імяавтора",
                "імя",
                "користувач",
            ],
            Self::Handle => &[
                "handle",
                "screenname",
                "username",
                "authorhandle",
                "author.handle",
                "author.username",
                "user.screenname",
                "user.username",
                "login",
                "nickname",
                "nick",
                "никнейм",
                "ник",
                "логин",
                "нікнейм",
                "нік",
                "логін",
            ],
            Self::Url => &[
                "url",
                "link",
                "permalink",
                "posturl",
                "href",
                "ссылка",
                "ссылканапост",
                "ссылканасообщение",
                "урл",
                "адрес",
                "посилання",
                "лінк",
                "адреса",
            ],
            Self::Network => &[
                "network",
                "socialnetwork",
                "platform",
                "сеть",
                "соцсеть",
                "социальнаясеть",
                "площадка",
                "платформа",
                "мережа",
                "соцмережа",
                "майданчик",
                "source",
                "источник",
                "джерело",
            ],
            Self::Community => &[
                "community",
                "community.title",
                "group",
                "channel",
                "subreddit",
                "forum",
                "page",
                "сообщество",
                "группа",
                "канал",
                "паблик",
                "форум",
                "спільнота",
                "група",
            ],
            Self::Language => &["language", "lang", "язык", "мова"],
            Self::Kind => &["kind", "type", "posttype", "тип", "типсообщения", "типпоста", "вид", "типповідомлення"],
            Self::Likes => &[
                "likes",
                "likecount",
                "likescount",
                "favoritecount",
                "favouritescount",
                "favorites",
                "engagement.likes",
                "publicmetrics.likecount",
                "лайки",
                "лайков",
                "нравится",
                "вподобання",
                "уподобання",
                "лайків",
            ],
            Self::Reposts => &[
                "reposts",
                "repostcount",
                "repostscount",
                "shares",
                "sharecount",
                "retweets",
                "retweetcount",
                "reblogscount",
                "engagement.reposts",
                "publicmetrics.retweetcount",
                "репосты",
                "репостов",
                "ретвиты",
                "ретвитов",
                "поделились",
                "репости",
                "поширення",
                "поширень",
            ],
            Self::Comments => &[
                "comments",
                "commentcount",
                "commentscount",
                "replies",
                "replycount",
                "repliescount",
                "engagement.comments",
                "publicmetrics.replycount",
                "комментарии",
                "комментариев",
                "ответы",
                "ответов",
                "коментарі",
                "коментарів",
                "відповіді",
            ],
            Self::Views => &[
                "views",
                "viewcount",
                "viewscount",
                "impressions",
                "engagement.views",
                "просмотры",
                "просмотров",
                "показы",
                "перегляди",
                "переглядів",
                "покази",
            ],
            Self::Rating => &["rating", "stars", "оценка", "рейтинг", "звезды", "оцінка", "зірки"],
            Self::Followers => &[
                "followers",
                "followerscount",
                "followercount",
                "author.followers",
                "user.followerscount",
                "subscribers",
                "подписчики",
                "подписчиков",
                "аудитория",
                "підписники",
                "підписників",
                "аудиторія",
            ],
            Self::City => &["city", "author.city", "authorcity", "user.city", "город", "місто"],
            Self::Region => &["region", "author.region", "authorregion", "регион", "область", "регіон"],
            // Values that are no code of ISO 3166-1 are left out.
            Self::Country => &[
                "country",
                "countrycode",
                "author.country",
                "authorcountry",
                "user.country",
                "страна",
                "кодстраны",
                "країна",
                "кодкраїни",
            ],
        }
    }
}

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
