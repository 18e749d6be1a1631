//! What one principal may do to everything of one kind at once, and what it may do to something.
//!
//! ```text
//!   Stack: identity ─┬─ allow ──▶ set ─┐
//!          boundary ─┤                 ├─ and ─▶ minus every deny ──▶ targets (surely, maybe)
//!          SCP level ┴─ allow ──▶ set ─┘
//! ```
//!
//! A set is worked out once a rule and roster, and shared by all principals the rule is told to.

use super::{
    bits::Pair,
    facts::Facts,
    readings::{Mask, Read, Readings},
    roster::Roster,
};
use crate::iam::{
    Truth,
    world::{Account, Attachment, Boundary, Document, Principal},
};
use foldhash::HashMap;
use std::rc::Rc;

/// Rules that have to allow together.
#[derive(Debug, Default, Clone)]
pub(super) struct Layer<'a> {
    pub(super) rules: Vec<Read<'a>>,
    /// Something belongs to it that cannot be read: it may allow and deny anything.
    pub(super) has_unread: bool,
}

impl<'a> Layer<'a> {
    fn of(readings: &'a Readings, policies: &'a [Attachment]) -> Self {
        Self {
            rules: readings.of_all(policies).collect(),
            has_unread: policies.iter().any(|policy| policy.document.is_none()),
        }
    }

    /// Its rules that allow an action.
    pub(super) fn allows(&self, action: u16) -> impl Iterator<Item = &Read<'a>> {
        self.rules.iter().filter(move |it| it.reading.allows && it.reading.actions.has(action))
    }
}

/// Every rule of interest that has a say over one principal.
#[derive(Debug, Default, Clone)]
pub(super) struct Stack<'a> {
    /// The identity allows everything, whatever else its rules say.
    is_granted_everything: bool,
    identity: Layer<'a>,
    boundary: Option<Layer<'a>>,
    scps: Vec<Layer<'a>>,
    /// What the identity's rules allow on something.
    allowed: Mask,
    /// What every layer allows on everything, unconditionally, and nothing denies.
    free: Mask,
}

impl<'a> Stack<'a> {
    /// The rules over a principal.
    pub(super) fn of(
        readings: &'a Readings,
        account: &'a Account,
        principal: &'a Principal,
    ) -> Self {
        let mut stack = Self::limits(readings, account, principal);
        stack.give(readings, &principal.policies);
        stack.settle();
        stack
    }

    /// Finds out what is free. To be called when nothing is added any more.
    pub(super) fn settle(&mut self) {
        self.free = Mask::default();
        if self.has_unread() {
            return;
        }
        let mut free: Option<Mask> = None;
        for layer in self.layers() {
            let mut mask = Mask::default();
            for read in &layer.rules {
                let reading = read.reading;
                if reading.allows && reading.is_of_everything && reading.keys.is_empty() {
                    mask.add(&reading.actions);
                }
            }
            match &mut free {
                Some(free) => free.keep(&mask),
                None => free = Some(mask),
            }
        }
        // Without any layer (a grant of everything, no limits) every action is free.
        let mut free = free.unwrap_or_else(Mask::full);
        for read in self.rules().filter(|read| !read.reading.allows) {
            free.take(&read.reading.actions);
        }
        self.free = free;
    }

    /// Whether the action is allowed on everything, and on no condition.
    pub(super) fn is_free(&self, action: u16) -> bool {
        self.free.has(action)
    }

    /// The limits alone: boundary and SCPs.
    pub(super) fn limits(
        readings: &'a Readings,
        account: &'a Account,
        principal: &'a Principal,
    ) -> Self {
        let mut stack = if principal.is_service_linked {
            Self::default()
        } else {
            Self::scps(readings, account)
        };
        stack.boundary = match &principal.boundary {
            Boundary::None => None,
            Boundary::Known { document, .. } => {
                Some(Layer { rules: readings.of(document).collect(), has_unread: false })
            }
            Boundary::Unknown { .. } => Some(Layer { rules: Vec::new(), has_unread: true }),
        };
        stack
    }

    /// The SCPs of an account alone.
    pub(super) fn scps(readings: &'a Readings, account: &'a Account) -> Self {
        let mut stack = Self::default();
        if let Some(levels) = account.scps.as_ref().filter(|_| !account.is_management) {
            stack.scps = levels.iter().map(|level| Layer::of(readings, level)).collect();
        }
        stack
    }

    /// Whether there is neither a boundary nor an SCP.
    pub(super) fn has_no_limits(&self) -> bool {
        self.boundary.is_none() && self.scps.is_empty()
    }

    /// The actions some rule of the identity allows on something.
    pub(super) fn allowed(&self) -> Mask {
        self.allowed
    }

    /// As if a policy that allows everything were attached.
    pub(super) fn grant_everything(&mut self) {
        self.is_granted_everything = true;
    }

    /// As if no boundary were set.
    pub(super) fn unbind(&mut self) {
        self.boundary = None;
    }

    /// Adds policies to the identity's.
    pub(super) fn give(&mut self, readings: &'a Readings, policies: &'a [Attachment]) {
        for read in readings.of_all(policies) {
            if read.reading.allows {
                self.allowed.add(&read.reading.actions);
            }
            self.identity.rules.push(read);
        }
        if policies.iter().any(|policy| policy.document.is_none()) {
            self.identity.has_unread = true;
            self.allowed = Mask::full();
        }
    }

    /// Adds one document to the identity's.
    pub(super) fn give_document(&mut self, readings: &'a Readings, document: &'a Document) {
        self.identity.rules.extend(readings.of(document));
        // What it allows is only asked for everything at once.
    }

    /// Whether some rule of the identity allows the action on something.
    pub(super) fn may_allow(&self, action: u16) -> bool {
        self.allowed.has(action)
    }

    /// The layers each of which has to allow.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer<'a>> {
        (!self.is_granted_everything)
            .then_some(&self.identity)
            .into_iter()
            .chain(&self.boundary)
            .chain(&self.scps)
    }

    /// The levels of SCPs.
    pub(super) fn levels(&self) -> &[Layer<'a>] {
        &self.scps
    }

    /// Every layer: each may deny.
    fn all(&self) -> impl Iterator<Item = &Layer<'a>> {
        std::iter::once(&self.identity).chain(&self.boundary).chain(&self.scps)
    }

    fn rules(&self) -> impl Iterator<Item = &Read<'a>> {
        self.all().flat_map(|layer| &layer.rules)
    }

    /// Whether something that cannot be read may deny anything.
    pub(super) fn has_unread(&self) -> bool {
        self.all().any(|layer| layer.has_unread)
    }

    /// Rules of any layer that deny the action.
    pub(super) fn denies(&self, action: u16) -> impl Iterator<Item = &Read<'a>> {
        self.rules().filter(move |read| !read.reading.allows && read.reading.actions.has(action))
    }

    /// Whether any condition of a rule about this action names one of these keys (lower case).
    pub(super) fn heeds(&self, action: u16, keys: &[Box<str>]) -> bool {
        if keys.is_empty() || self.is_free(action) {
            return false;
        }
        self.rules()
            .filter(|read| read.reading.actions.has(action))
            .flat_map(|read| &read.reading.keys)
            .any(|key| keys.contains(key))
    }
}

/// Everything of one kind in an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// The things.
    pub(super) roster: &'a Roster<'a>,
    /// A number no other roster has.
    pub(super) number: u32,
    /// What the positions stand for, if they are principals.
    pub(super) principals: Option<&'a [Principal]>,
}

impl<'a> Field<'a> {
    fn principal(&self, at: usize) -> Option<&'a Principal> {
        self.principals?.get(self.roster.id(at)? as usize)
    }
}

/// How each layer answers, over a whole field.
#[derive(Debug, Clone)]
pub(super) struct Layered {
    /// The identity's own grants.
    granted: Pair,
    /// Within the boundary.
    bounded: Option<Pair>,
    /// Within every level of SCPs.
    in_scps: Option<Pair>,
    /// Denied by anything.
    denied: Option<Pair>,
}

impl Layered {
    /// What is allowed by the identity's own grants.
    pub(super) fn allowed(self) -> Pair {
        let mut pair = self.granted;
        for limit in self.bounded.iter().chain(&self.in_scps) {
            pair.keep(limit);
        }
        if let Some(denied) = &self.denied {
            pair.take(denied);
        }
        pair
    }

    /// What is allowed once the other side grants it by itself. A grant to a role's ARN stays
    /// within the role's boundary, one to a user's ARN does not (IAM User Guide,
    /// `access_policies_boundaries.html`).
    pub(super) fn allowed_if_granted(self, len: usize, is_role: bool) -> Pair {
        let granted = Pair::all(len, Truth::Yes);
        let bounded = self.bounded.filter(|_| is_role);
        Self { granted, bounded, ..self }.allowed()
    }
}

/// Works sets out, and remembers what rules cover.
#[derive(Debug, Default)]
pub(super) struct Scale {
    covers: HashMap<(u32, u32), Rc<Pair>>,
}

impl Scale {
    /// How each layer answers to an action on everything in a field.
    pub(super) fn weigh(
        &mut self,
        stack: &Stack<'_>,
        action: u16,
        field: Field<'_>,
        facts: &Facts<'_>,
    ) -> Layered {
        let len = field.roster.len();
        if stack.is_free(action) {
            let granted = Pair::all(len, Truth::Yes);
            return Layered { granted, bounded: None, in_scps: None, denied: None };
        }
        let mut union = |rules: &mut dyn Iterator<Item = &Read<'_>>, is_open: bool| {
            let mut pair = Pair::all(len, if is_open { Truth::Depends } else { Truth::No });
            for read in rules {
                self.add(&mut pair, read, field, facts);
            }
            pair
        };
        let mut allowed_by = |layer: &Layer<'_>| union(&mut layer.allows(action), layer.has_unread);
        let granted = allowed_by(&stack.identity);
        let bounded = stack.boundary.as_ref().map(&mut allowed_by);
        let mut in_scps: Option<Pair> = None;
        for level in &stack.scps {
            let pair = allowed_by(level);
            match &mut in_scps {
                Some(sum) => sum.keep(&pair),
                None => in_scps = Some(pair),
            }
        }
        let mut against = stack.denies(action).peekable();
        let is_open = stack.has_unread();
        let is_denied = is_open || against.peek().is_some();
        let denied = is_denied.then(|| union(&mut against, is_open));
        Layered { granted, bounded, in_scps, denied }
    }

    /// Adds what one rule speaks of, as surely as its conditions hold.
    fn add(&mut self, pair: &mut Pair, read: &Read<'_>, field: Field<'_>, facts: &Facts<'_>) {
        let Read { rule, reading } = read;
        let is_about_target = reading.asks_about_target
            || facts.brought.iter().any(|(key, value)| {
                value.is_about_target()
                    && reading.keys.iter().any(|own| own.eq_ignore_ascii_case(key))
            });
        let truth = match (reading.keys.is_empty(), is_about_target) {
            (true, _) => Truth::Yes,
            (false, false) => rule.conditions_hold(facts),
            // To be asked again about each.
            (false, true) => Truth::Depends,
        };
        if truth == Truth::No {
            return;
        }
        let cover = if reading.has_variables {
            Rc::new(field.roster.covered(rule, facts))
        } else {
            self.covers
                .entry((reading.id, field.number))
                .or_insert_with(|| Rc::new(field.roster.covered(rule, facts)))
                .clone()
        };
        if !is_about_target || reading.keys.is_empty() {
            pair.add_capped(&cover, truth);
            return;
        }
        for at in cover.may.iter() {
            let truth = match field.principal(at) {
                Some(target) => rule.conditions_hold(&facts.about(target)),
                None => truth,
            };
            pair.insert(at, cover.of(at).and(truth));
        }
    }
}
