//! The workspace's lists as queries read them: a copy of what storage holds, brought up to date list by list.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use molva_domain::{ListId, WorkspaceId};
use molva_query::{Diagnostic, List, Lists, Reading, Scope, parse_quietly};
use molva_storage::list::name_key;
use molva_storage::topic::Topic;
use molva_storage::{Storage, StorageError, list as stored};

/// Above so many changed lists all of them are read at once.
const ONE_BY_ONE: usize = 8;

/// All lists of a workspace at one moment. Never changes; what changes is which one is current.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceLists {
    lists: BTreeMap<ListId, (u32, Arc<List>)>,
    by_key: HashMap<String, ListId>,
}

impl WorkspaceLists {
    /// Reads all of them.
    pub async fn read(storage: &Storage, workspace: WorkspaceId) -> Result<Self, StorageError> {
        let lists = storage.lists(workspace).await?.into_iter().map(entry).collect();
        Ok(Self::of(lists))
    }

    /// The same with another list in the place of the one with its id, as it would be after a change.
    #[must_use]
    pub fn with(&self, id: ListId, list: Arc<List>) -> Self {
        let mut lists = self.lists.clone();
        let version = lists.get(&id).map_or(0, |(version, _)| *version);
        lists.insert(id, (version, list));
        Self::of(lists)
    }

    /// The list of a name, in any letter case.
    #[must_use]
    pub fn id_of(&self, name: &str) -> Option<ListId> {
        self.by_key.get(&name_key(name)).copied()
    }

    /// The first of the topics that could not be read with these lists, and what would be wrong with its query.
    #[must_use]
    pub fn breaks<'a>(&self, topics: &'a [Topic]) -> Option<(&'a Topic, Option<Diagnostic>)> {
        topics.iter().find_map(|topic| {
            let parsed = parse_quietly(&topic.query, &Reading { scope: Scope::Topic, lists: self });
            parsed.query.is_none().then(|| (topic, parsed.diagnostics.into_iter().next()))
        })
    }

    /// What storage holds now and which lists differ from these, those that are gone among them; `None` when none does.
    /// `at_hand` is a list that was just stored: when it is the one that changed, it need not be read once more.
    pub(crate) async fn newer(
        &self,
        storage: &Storage,
        workspace: WorkspaceId,
        at_hand: Option<&Arc<List>>,
    ) -> Result<Option<(Self, Vec<ListId>)>, StorageError> {
        let versions = storage.list_versions(workspace).await?;
        let is_known = |(id, version): &(ListId, u32)| self.lists.get(id).is_some_and(|(known, _)| known == version);
        let changed: Vec<ListId> = versions.iter().filter(|pair| !is_known(pair)).map(|(id, _)| *id).collect();
        let is_gone = |id: &ListId| !versions.iter().any(|(there, _)| there == id);
        let gone: Vec<ListId> = self.lists.keys().copied().filter(is_gone).collect();
        if changed.is_empty() && gone.is_empty() {
            return Ok(None);
        }
        let mut lists = self.lists.clone();
        for id in &gone {
            lists.remove(id);
        }
        if changed.len() > ONE_BY_ONE {
            lists.extend(storage.lists(workspace).await?.into_iter().map(entry));
        } else {
            for id in &changed {
                // A list that was deleted meanwhile is told of by the next event.
                lists.remove(id);
                lists.extend(storage.list(workspace, *id).await?.map(|list| known_or_new(list, at_hand)));
            }
        }
        Ok(Some((Self::of(lists), [changed, gone].concat())))
    }

    fn of(lists: BTreeMap<ListId, (u32, Arc<List>)>) -> Self {
        let by_key = lists.iter().map(|(id, (_, list))| (name_key(list.name()), *id)).collect();
        Self { lists, by_key }
    }
}

impl Lists for WorkspaceLists {
    fn list(&self, name: &str) -> Option<Arc<List>> {
        let (_, list) = self.lists.get(&self.id_of(name)?)?;
        Some(Arc::clone(list))
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.lists.values().map(|(_, list)| list.name().to_owned()).collect();
        names.sort_by_cached_key(|name| name_key(name));
        names
    }
}

fn known_or_new(list: stored::List, at_hand: Option<&Arc<List>>) -> (ListId, (u32, Arc<List>)) {
    let is_it = |known: &&Arc<List>| {
        known.kind() == list.kind && known.name() == list.name && known.entries() == list.entries.as_slice()
    };
    match at_hand.filter(is_it) {
        Some(known) => (list.id, (list.version, Arc::clone(known))),
        None => entry(list),
    }
}

fn entry(list: stored::List) -> (ListId, (u32, Arc<List>)) {
    let stored::List { id, name, kind, entries, version, .. } = list;
    (id, (version, Arc::new(List::new(name, kind, entries))))
}
