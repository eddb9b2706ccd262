//! Reviews of an app in Apple's App Store: from the public feed of each country, five hundred back, or, for an app of one's own, all of
//! them over the App Store Connect API. Contract of the latter: <https://developer.apple.com/documentation/appstoreconnectapi>; the
//! feed has none, it is what Apple's servers answer.

mod connect;
mod descriptor;
mod feed;
mod reply;

use std::time::Duration;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::reply::Replies;
use crate::session::Session;
use crate::settings::Settings;
use crate::walk::{self, NewestFirst, Pace};
use connect::Connect;
use descriptor::DESCRIPTOR;
use feed::Country;

const NETWORK: &str = "appstore";
const MAX_PAGE_BYTES: u64 = 8 << 20;
const PAGES: usize = 100;
/// A review may appear days after the date it bears.
const LATE: Duration = Duration::from_secs(2 * 86_400);

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct AppStore;

impl Connector for AppStore {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let mut found = Vec::new();
            for (name, list) in lists(&settings)? {
                let page = list.page(session, None).await?;
                found.push(format!("{} from {name}", page.found.len()));
            }
            Ok(format!("reviews on the first page: {}", found.join(", ")))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let lists = lists(&settings)?;
            let of: Vec<&str> = lists.iter().map(|(name, _)| name.as_str()).collect();
            let of = format!("{} {}", app(&settings)?, of.join(", "));
            let all: Vec<&dyn NewestFirst> = lists.iter().map(|(_, list)| list.as_ref()).collect();
            walk::listen_to_all(session, &all, &of, Pace::of(&settings, PAGES)).await
        })
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::AppStoreReplies)
    }
}

/// The number alone of the app, also from its address: `…/id389801252`.
fn app(settings: &Settings) -> Result<String, ConnectorError> {
    let text = settings.text("app").unwrap_or_default();
    let number =
        text.rsplit_once("/id").map_or(text, |(_, rest)| rest).split(['?', '/', '#']).next().unwrap_or_default();
    if (5..=15).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(number.to_owned());
    }
    Err(ConnectorError::invalid(
        "app",
        "names no app; write its address in the App Store, or the number behind `id` in it",
    ))
}

/// Where reviews are listed, with a name for people.
type Named = (String, Box<dyn NewestFirst>);

/// With a key, everything at once; without, a list for each country.
fn lists(settings: &Settings) -> Result<Vec<Named>, ConnectorError> {
    let app = app(settings)?;
    if let Some(connect) = Connect::new(settings, &app)? {
        return Ok(vec![("App Store Connect".to_owned(), Box::new(connect))]);
    }
    let mut lists: Vec<Named> = Vec::new();
    for code in settings.list("countries").flat_map(|line| line.split([',', ' '])).filter(|code| !code.is_empty()) {
        let country = Country::new(settings, &app, code)?;
        lists.push((code.to_lowercase(), Box::new(country)));
    }
    if lists.is_empty() {
        return Err(ConnectorError::invalid(
            "countries",
            "is empty: name the countries whose reviews are read, such as ua",
        ));
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn an_app_is_read_out_of_its_address() {
        let app = |text: &str| {
            let values = BTreeMap::from([("app".to_owned(), text.to_owned())]);
            app(&Settings::new(values, BTreeMap::new())).map_err(|error| error.code())
        };
        for text in
            ["389801252", "https://apps.apple.com/ua/app/instagram/id389801252?l=uk", "apps.apple.com/app/id389801252"]
        {
            assert_eq!(app(text), Ok("389801252".to_owned()));
        }
        assert_eq!((app("instagram"), app("")), (Err("invalid_setting"), Err("invalid_setting")));
    }
}
