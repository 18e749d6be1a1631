//! From what a statement writes to the actions it speaks of.
//!
//! A list is looked up once however many statements carry it, and lists that come to the same
//! actions share one set.

use super::{ActionId, ActionSet, ActionTable};
use crate::iam::Actions;
use foldhash::{HashMap, HashSet};
use std::{ops::Range, sync::Arc};

impl ActionTable {
    /// The actions one pattern names (`s3:Get*`), in any case. `*` and `?` stand for any run of
    /// characters and for one (IAM User Guide, `reference_policies_elements_action.html`).
    pub fn select(&self, pattern: &str) -> ActionSet {
        let Some((service, action)) = pattern.split_once(':') else {
            let names_all = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
            if names_all || !has_wildcard(pattern) {
                return if names_all { self.all() } else { ActionSet::default() };
            }
            let is_named =
                |id: &ActionId| matches(pattern.as_bytes(), self.name_of(*id).as_bytes());
            return self.ids().filter(is_named).collect();
        };
        if !has_wildcard(service) {
            return match self.service_actions(service) {
                Some(found) => self.within(found.rows, found.prefix.len() + 1, action),
                None => ActionSet::default(),
            };
        }
        if action == "*" && service == "*" {
            return self.all();
        }
        let mut rows = Vec::new();
        for found in self.services() {
            if matches(service.as_bytes(), found.prefix.as_bytes()) {
                self.collect(found.rows, found.prefix.len() + 1, action, &mut rows);
            }
        }
        rows.into_iter().collect()
    }

    /// The actions of a statement.
    pub fn select_all(&self, actions: &Actions) -> ActionSet {
        let any = |patterns: &[Box<str>]| match patterns {
            [one] => self.select(one),
            many => many.iter().fold(ActionSet::default(), |all, one| all.union(&self.select(one))),
        };
        match actions {
            Actions::Only(patterns) => any(patterns),
            Actions::AllBut(patterns) => self.all().subtract(&any(patterns)),
        }
    }

    fn within(&self, rows: Range<u16>, skip: usize, pattern: &str) -> ActionSet {
        let (rows, is_prefix) = self.narrow(rows, skip, pattern);
        if is_prefix {
            return ActionSet::from_range(rows);
        }
        let mut found = Vec::new();
        self.collect(rows, skip, pattern, &mut found);
        found.into_iter().collect()
    }

    fn collect(&self, rows: Range<u16>, skip: usize, pattern: &str, into: &mut Vec<ActionId>) {
        let (rows, is_prefix) = self.narrow(rows, skip, pattern);
        into.extend(rows.map(ActionId).filter(|&id| {
            is_prefix
                || self
                    .name_of(id)
                    .as_bytes()
                    .get(skip..)
                    .is_some_and(|name| matches(pattern.as_bytes(), name))
        }));
    }

    /// The rows that begin as the pattern does, and whether that is all it asks.
    fn narrow(&self, rows: Range<u16>, skip: usize, pattern: &str) -> (Range<u16>, bool) {
        let literal = pattern.bytes().take_while(|byte| !matches!(byte, b'*' | b'?')).count();
        let prefix = &pattern.as_bytes()[..literal];
        let order = |name: &str| {
            let name = name.as_bytes().get(skip..).unwrap_or_default();
            let head = name.get(..literal).unwrap_or(name);
            let lower = |byte: &u8| byte.to_ascii_lowercase();
            head.iter().map(lower).cmp(prefix.iter().map(lower))
        };
        let start = self.partition(rows.clone(), |name| order(name).is_lt());
        let end = self.partition(start..rows.end, |name| order(name).is_le());
        (start..end, &pattern[literal..] == "*")
    }
}

fn has_wildcard(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Without regard to case. Linear but for the last star.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(byte) if *byte == b'?' || byte.eq_ignore_ascii_case(&text[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|&byte| byte == b'*')
}

/// Remembers what each list came to.
#[derive(Debug, Default)]
pub struct Selector<'a> {
    lists: HashMap<(bool, &'a [Box<str>]), Arc<ActionSet>>,
    sets: HashSet<Arc<ActionSet>>,
}

impl<'a> Selector<'a> {
    /// The actions of a statement. Equal sets are one and the same.
    pub fn select(&mut self, actions: &'a Actions) -> Arc<ActionSet> {
        let key = match actions {
            Actions::Only(patterns) => (false, &**patterns),
            Actions::AllBut(patterns) => (true, &**patterns),
        };
        if let Some(known) = self.lists.get(&key) {
            return Arc::clone(known);
        }
        let set = self.share(ActionTable::get().select_all(actions));
        self.lists.insert(key, Arc::clone(&set));
        set
    }

    /// The one copy of a set.
    pub fn share(&mut self, set: ActionSet) -> Arc<ActionSet> {
        if let Some(known) = self.sets.get(&set) {
            return Arc::clone(known);
        }
        let set = Arc::new(set);
        self.sets.insert(Arc::clone(&set));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table() -> &'static ActionTable {
        ActionTable::get()
    }

    fn only(patterns: &[&str]) -> Actions {
        Actions::Only(patterns.iter().map(|&pattern| pattern.into()).collect())
    }

    fn names(set: &ActionSet) -> Vec<&'static str> {
        set.iter().map(|id| table().name(id)).collect()
    }

    #[test]
    fn names_and_wildcards_are_read_in_any_case() {
        assert_eq!(names(&table().select("S3:getobject")), ["s3:GetObject"]);
        assert_eq!(names(&table().select("iam:*AccessKey")).len(), 3);
        assert_eq!(names(&table().select("IAM:?assRole")), ["iam:PassRole"]);
        assert!(names(&table().select("s3:Get*")).iter().all(|name| name.starts_with("s3:Get")));
    }

    #[test]
    fn a_star_names_everything_and_a_bare_word_nothing() {
        for everything in ["*", "**", "*:*"] {
            assert_eq!(table().select(everything).len(), table().len(), "{everything}");
        }
        for nothing in ["", "s3", "s3:", "nosuch:Thing", "s3:NoSuchThing"] {
            assert!(table().select(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn not_action_names_every_other_action() {
        let all_but =
            table().select_all(&Actions::AllBut(["iam:*".into(), "s3:GetObject".into()].into()));

        assert!(!all_but.contains(table().find("iam:PassRole").unwrap()));
        assert!(!all_but.contains(table().find("s3:GetObject").unwrap()));
        assert!(all_but.contains(table().find("s3:PutObject").unwrap()));
    }

    #[test]
    fn equal_lists_and_equal_sets_are_one() {
        let (a, b) = (only(&["s3:GetObject"]), only(&["s3:getobject", "S3:GetObject"]));
        let mut selector = Selector::default();

        assert!(Arc::ptr_eq(&selector.select(&a), &selector.select(&b)));
    }

    proptest! {
        /// Whatever shortcut is taken, the answer is that of comparing every name.
        #[test]
        fn a_pattern_selects_what_it_matches(pattern in pattern()) {
            let selected = table().select(&pattern);

            let (service, action) = pattern.split_once(':').unwrap();
            for id in table().ids() {
                let (s, a) = table().name(id).split_once(':').unwrap();
                let expected = matches(service.as_bytes(), s.as_bytes())
                    && matches(action.as_bytes(), a.as_bytes());
                prop_assert_eq!(selected.contains(id), expected, "{}", table().name(id));
            }
        }
    }

    /// A name of the table with some characters turned into wildcards or the other case.
    fn pattern() -> impl Strategy<Value = String> {
        let row = 0u16..22_013;
        let changes = prop::collection::vec((0usize..80, 0u8..5), 0..6);
        (row, changes).prop_map(|(row, changes)| {
            let mut text = table().name(ActionId(row)).as_bytes().to_vec();
            for (at, change) in changes {
                let at = at % text.len();
                if text[at] == b':' {
                    continue;
                }
                match change {
                    0 => text[at] = b'*',
                    1 => text[at] = b'?',
                    2 => text[at] = text[at].to_ascii_uppercase(),
                    3 => text[at] = text[at].to_ascii_lowercase(),
                    _ => {
                        text.truncate(at.max(text.iter().position(|&b| b == b':').unwrap() + 1));
                        text.push(b'*');
                    }
                }
            }
            String::from_utf8(text).unwrap()
        })
    }
}
