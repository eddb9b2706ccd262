use axum::extract::State;
use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_domain::Actor;

use crate::access::caller::Person;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::labelling::{get, round};
use crate::locale::text;
use crate::problem::Problem;
use crate::wire::labelling::Labelling;

/// Draws one more round: of the newest week before all that were drawn. For those who want estimates of earlier weeks, too.
#[utoipa::path(
    post, path = "/api/labelling", operation_id = "drawMoreToLabel", tag = "labelling",
    responses((status = 200, body = Labelling), (status = 409, description = "`nothing_to_label`, `archive_filling`")),
)]
pub(crate) async fn draw_more(State(api): State<Api>, person: Person) -> Answer<Labelling> {
    if api.incomplete().is_some() {
        return Err(Problem::new(StatusCode::CONFLICT, "archive_filling", FILLING));
    }
    if !round::draw_older(&api, Actor::User(person.user.id)).await? {
        return Err(Problem::new(StatusCode::CONFLICT, "nothing_to_label", NOTHING));
    }
    ok(get::labelling(&api, &person).await?)
}

const FILLING: Localized = text(
    "the archive is still being filled, and what is drawn now would be drawn from a part; come back when it is done",
    "архив ещё заполняется, и выбирать пришлось бы из его части; вернитесь, когда он заполнится",
    "архів ще заповнюється, і вибирати довелося б із його частини; поверніться, коли він заповниться",
);
const NOTHING: Localized = text(
    "every week that has mentions was drawn; wait for the next one",
    "все недели с упоминаниями уже размечаются; дождитесь следующей",
    "усі тижні зі згадками вже розмічаються; дочекайтеся наступного",
);
