use axum::extract::State;
use molva_connectors::{Localized, ReplyTarget};
use molva_domain::{AccountState, MentionId};
use molva_pipeline::accounts::target_of;
use molva_storage::account::Account;
use molva_storage::mention::Mention;

use super::UNDO_SECONDS;
use super::desk::may_speak;
use crate::access::caller::Caller;
use crate::accounts::facts_of;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::mentions;
use crate::problem::Problem;
use crate::request::PathId;
use crate::wire::Id;
use crate::wire::reply::{AccountOption, Obstacle, OptionAccount, ReplyOptions};

/// From which accounts a mention can be answered, by which rules, and what stands in the way. Asks no network.
#[utoipa::path(
    get, path = "/api/mentions/{id}/reply-options", operation_id = "getReplyOptions", tag = "replies",
    params(("id" = String, Path)),
    responses((status = 200, body = ReplyOptions), (status = 404, description = "`not_found`")),
)]
pub(crate) async fn get_reply_options(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<MentionId>,
) -> Answer<ReplyOptions> {
    let mention = api.storage().mention(api.workspace(), id).await?.ok_or_else(mentions::unknown)?;
    let networks = networks_of(&api, &mention).await?;
    let original_url = mention.post.url.clone();
    let answer = |why_not: Option<Localized>, code: &str, accounts| {
        let why_not = why_not.map(|why| Obstacle { code: code.to_owned(), message: locale.of(why).to_owned() });
        ReplyOptions {
            can_answer: false,
            original_url: original_url.clone(),
            why_not,
            undo_seconds: UNDO_SECONDS,
            accounts,
        }
    };
    if mention.post_deleted {
        return ok(answer(Some(DELETED), "deleted", Vec::new()));
    }
    if networks.iter().all(|network| api.pipeline().replies_on(network).is_none()) {
        return ok(answer(Some(READ_ONLY), "read_only", Vec::new()));
    }
    let target = target_of(&mention.post);
    let mut accounts = Vec::new();
    for account in api.storage().accounts(api.workspace()).await? {
        if account.state != AccountState::Disconnected && networks.contains(&account.connector) {
            accounts.extend(option(&api, account, &target, &caller, locale));
        }
    }
    if accounts.is_empty() {
        return ok(answer(Some(NO_ACCOUNT), "no_account", accounts));
    }
    let can_answer = accounts.iter().any(|option| option.may.is_none());
    let why_not = if can_answer { None } else { accounts.iter().find_map(|option| option.may.clone()) };
    ok(ReplyOptions { can_answer, why_not, ..answer(None, "", accounts) })
}

/// Connectors by which a mention might be answered: that of its network, and that by which it came.
pub(super) async fn networks_of(api: &Api, mention: &Mention) -> Result<Vec<String>, Problem> {
    let source = api.storage().source(api.workspace(), mention.source).await?;
    let mut networks = vec![mention.post.network.clone()];
    networks.extend(source.map(|source| source.connector).filter(|connector| *connector != mention.post.network));
    Ok(networks)
}

/// `None` when the network never said by what rules.
fn option(api: &Api, account: Account, target: &ReplyTarget, caller: &Caller, locale: Locale) -> Option<AccountOption> {
    let facts = facts_of(&account)?;
    let may = obstacle(api, &account, target, caller, locale).err();
    let replies = api.pipeline().replies_on(&account.connector)?;
    let settings = molva_connectors::Settings::new(account.settings.clone(), Default::default());
    let files = replies.attachments(target, &settings, &facts);
    Some(AccountOption {
        greeting: replies.greeting(target, &settings, &facts),
        attachments: files.ok().map(Into::into),
        no_attachments: files.err().map(|why| locale.of(why).to_owned()),
        rule: facts.rule.into(),
        needs_approval: account.needs_approval,
        may,
        account: OptionAccount {
            id: Id::of(account.id),
            connector: account.connector,
            name: account.name,
            handle: facts.handle,
            holder: account.holder.into(),
        },
    })
}

/// What keeps a caller from answering from an account.
pub(super) fn obstacle(
    api: &Api,
    account: &Account,
    target: &ReplyTarget,
    caller: &Caller,
    locale: Locale,
) -> Result<(), Obstacle> {
    let stands = |code: &str, why: &str| Err(Obstacle { code: code.to_owned(), message: why.to_owned() });
    match account.state {
        AccountState::Connected => {}
        AccountState::Expired => return stands("account_expired", locale.of(EXPIRED)),
        AccountState::Revoked => return stands("account_revoked", locale.of(REVOKED)),
        AccountState::Disconnected => return stands("account_disconnected", locale.of(DISCONNECTED)),
    }
    if !may_speak(account, caller) {
        return stands("not_yours", locale.of(super::NOT_YOURS));
    }
    let (Some(facts), Some(replies)) = (facts_of(account), api.pipeline().replies_on(&account.connector)) else {
        return stands("read_only", locale.of(READ_ONLY));
    };
    if let Some(missing) = &facts.missing {
        return stands("missing_right", missing);
    }
    let settings = molva_connectors::Settings::new(account.settings.clone(), Default::default());
    let closed = replies.closes_at(target).filter(|(at, _)| *at <= api.now()).map(|(_, why)| why);
    match replies.may_reply(target, &settings, &facts).and_then(|()| closed.map_or(Ok(()), Err)) {
        Ok(()) => Ok(()),
        Err(why) => stands(why.code, locale.of(why.reason)),
    }
}

const DELETED: Localized = text(
    "the post was deleted where it stood; there is nothing to answer",
    "пост удалён там, где он стоял; отвечать не на что",
    "допис видалено там, де він стояв; відповідати немає на що",
);
const READ_ONLY: Localized = text(
    "this network can only be read from here; answer in the original",
    "эту сеть отсюда можно только читать; ответьте в оригинале",
    "цю мережу звідси можна лише читати; відповідайте в оригіналі",
);
const NO_ACCOUNT: Localized = text(
    "no account of this network is connected; connect one in the settings",
    "ни одной учётной записи этой сети не подключено; подключите её в настройках",
    "жодного облікового запису цієї мережі не підключено; підключіть його в налаштуваннях",
);
const EXPIRED: Localized = text(
    "the token of this account is too old; put a new one into the settings",
    "ключ этой учётной записи устарел; впишите новый в настройках",
    "ключ цього облікового запису застарів; впишіть новий у налаштуваннях",
);
const REVOKED: Localized = text(
    "the network does not accept this account any more; look at it in the settings",
    "сеть больше не принимает эту учётную запись; проверьте её в настройках",
    "мережа більше не приймає цей обліковий запис; перевірте його в налаштуваннях",
);
const DISCONNECTED: Localized =
    text("this account is disconnected", "эта учётная запись отключена", "цей обліковий запис відключено");
