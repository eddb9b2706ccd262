use axum::extract::State;
use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_domain::ModelId;
use molva_pipeline::Activation;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::model::get;
use crate::problem::Problem;
use crate::request::PathId;
use crate::wire::model::ModelPage;

/// Takes a model of the history into use, `0` the shipped ones. What is stored is judged anew in the background, the newest first;
/// what people set stays.
#[utoipa::path(
    post, path = "/api/model/{id}/activate", operation_id = "activateModel", tag = "model",
    params(("id" = String, Path, description = "`0`: the shipped models")),
    responses(
        (status = 200, body = ModelPage),
        (status = 404, description = "`not_found`: none that could judge has this id"),
        (status = 409, description = "`other_base`"),
    ),
)]
pub(crate) async fn activate_model(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<ModelId>,
) -> Answer<ModelPage> {
    match api.pipeline().activate_model(caller.actor(), id).await? {
        Activation::Done => ok(get::page(&api, locale).await?),
        Activation::Unknown => Err(Problem::not_found(UNKNOWN)),
        Activation::OfOtherModels => Err(Problem::new(StatusCode::CONFLICT, "other_base", OTHER_BASE)),
    }
}

const UNKNOWN: Localized = text(
    "no model that could judge has this id; choose one of the history",
    "модели, которая могла бы судить, с таким номером нет; выберите из истории",
    "моделі, яка могла б оцінювати, з таким номером немає; виберіть з історії",
);
const OTHER_BASE: Localized = text(
    "this model was taught to the shipped models of another version of Molva; train it anew",
    "эта модель дообучена поверх встроенной из другой версии Молвы; обучите её заново",
    "цю модель донавчено поверх вбудованої з іншої версії Молви; навчіть її заново",
);
