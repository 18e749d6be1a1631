//! The console without a terminal: events in, effects out, frames on demand.

use super::{
    clock::Now,
    event::Event,
    keymap::{self, Command, Context},
    msg::{Effect, Msg},
    state::{Overlay, State, Tab, dialog::Phase, table::Table},
    theme::Theme,
    update,
    view::{self, Detail, Page, Plan},
};
use crate::{
    domain::{PolicyId, Reviewer},
    text::SafeText,
    trust::Roster,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::{Frame, layout::Rect};
use std::{sync::Arc, time::Duration};

/// What an [`App`] starts with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Colours.
    pub theme: Theme,
    /// Who decides here.
    pub who: Reviewer,
    /// Who may decide.
    pub roster: Arc<Roster>,
    /// The policy that holds here, if one does.
    pub policy: Option<PolicyId>,
    /// What kind of world this is, if it is an unusual one.
    pub banner: Option<SafeText>,
    /// Whether any source is configured.
    pub configured: bool,
    /// How long a confirmation stays deaf.
    pub arm_delay: Duration,
    /// The window: columns and rows.
    pub size: (u16, u16),
    /// The present.
    pub now: Now,
    /// For times of day.
    pub zone: TimeZone,
}

/// The console.
#[derive(Debug)]
pub struct App {
    state: State,
    theme: Theme,
}

impl App {
    /// A console that has read nothing yet.
    pub fn new(start: Start) -> Self {
        let state = State {
            tab: Tab::Queue,
            queue: Table::default(),
            waiting: None,
            credentials: Table::default(),
            activity: Table::default(),
            autonomous: Table::default(),
            shows_autonomous: false,
            more_autonomous: false,
            is_ruled: false,
            sources: Table::default(),
            reading: false,
            scroll: 0,
            extent: (0, 0),
            reasons: false,
            file_rows: Vec::new(),
            open: None,
            rest: None,
            requested: None,
            split: None,
            overlay: None,
            filtering: None,
            flash: None,
            progress: Vec::new(),
            version: None,
            refreshing: false,
            refreshed: Duration::ZERO,
            more_activity: false,
            configured: start.configured,
            reviewer: SafeText::line(&start.who.0),
            who: start.who,
            roster: start.roster,
            policy: start.policy,
            banner: start.banner,
            size: start.size,
            now: start.now,
            zone: start.zone,
            arm_delay: start.arm_delay,
            dirty: true,
        };
        Self { state, theme: start.theme }
    }

    /// Takes in one event and says what is to be done about it.
    pub fn handle(&mut self, event: Event, now: Now) -> Vec<Effect> {
        // Time that decides anything moves with ticks only; see `arming_due`.
        match event {
            Event::Key(key) => match self.meaning(key) {
                Some(msg) => update::update(&mut self.state, msg),
                None => Vec::new(),
            },
            Event::Paste(text) => update::update(&mut self.state, Msg::Paste(text)),
            Event::Resize(width, height) => {
                update::update(&mut self.state, Msg::Resize(width, height))
            }
            Event::Tick => update::update(&mut self.state, Msg::Tick(now)),
            Event::Resumed => update::update(&mut self.state, Msg::Resumed),
            Event::Answer(msg) => update::update(&mut self.state, msg),
        }
    }

    /// What a key means at this moment.
    fn meaning(&self, key: KeyEvent) -> Option<Msg> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if control && key.code == KeyCode::Char('z') {
            return Some(Msg::Command(Command::Suspend));
        }
        if self.state.overlay.is_some() || self.state.filtering.is_some() {
            return Some(Msg::Key(key));
        }
        let own = Context::of(self.state.tab);
        let contexts: Vec<Context> = own.into_iter().chain([Context::Everywhere]).collect();
        match keymap::lookup(&contexts, &key) {
            Some(command) => Some(Msg::Command(command)),
            None => self.elsewhere(key),
        }
    }

    /// A key that means something on another page is answered with where that is.
    fn elsewhere(&self, key: KeyEvent) -> Option<Msg> {
        let here = Context::of(self.state.tab);
        let page = Context::PAGES.into_iter().find_map(|(context, page)| {
            let there = Some(context) != here && keymap::lookup(&[context], &key).is_some();
            there.then_some(page)
        })?;
        Some(Msg::Elsewhere(page))
    }

    /// When the next tick is wanted, beyond the regular ones; since the start.
    pub fn deadline(&self) -> Option<Duration> {
        update::deadline(&self.state)
    }

    /// Whether a tick at this time would arm a dialog. Whoever reads the terminal throws away
    /// all waiting input before that tick.
    pub fn arming_due(&self, mono: Duration) -> bool {
        matches!(&self.state.overlay, Some(Overlay::Dialog(dialog))
            if matches!(dialog.phase, Phase::Arming(until) if until <= mono))
    }

    /// Whether the screen no longer shows the state.
    pub fn is_dirty(&self) -> bool {
        self.state.dirty
    }

    /// Makes the next [`App::is_dirty`] true.
    pub fn invalidate(&mut self) {
        self.state.dirty = true;
    }

    /// The state, for looking.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The colours.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Draws one frame.
    pub fn render(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        self.state.size = (area.width, area.height);
        let plan = Plan::new(area, &self.state);
        self.settle_lists(plan.list);
        let brief = plan.is_brief();
        let detail = Detail::build(&self.state, plan.detail, brief, &self.theme);
        let fit = plan.detail.map_or(0, |area| usize::from(area.height));
        self.state.extent = (detail.height(), fit);
        self.state.scroll = self.state.scroll.min(detail.height().saturating_sub(fit));
        self.state.file_rows = detail.file_rows();
        let page = Page::build(&self.state, &plan, &self.theme);
        if let (Some(Overlay::Dialog(dialog)), Some(page)) = (&mut self.state.overlay, &page) {
            dialog.shown(page.extent());
        }
        view::render(frame, &self.state, &plan, &detail, page.as_ref(), &self.theme);
        self.state.dirty = false;
    }

    /// Draws one frame on a terminal of any backend.
    pub fn draw<B: ratatui::backend::Backend>(
        &mut self,
        terminal: &mut ratatui::Terminal<B>,
    ) -> Result<(), B::Error> {
        terminal.draw(|frame| self.render(frame)).map(|_| ())
    }

    fn settle_lists(&mut self, list: Option<Rect>) {
        let Some(list) = list else { return };
        let height = usize::from(list.height);
        self.state.queue.set_height(height);
        self.state.credentials.set_height(height);
        self.state.activity.set_height(height);
        self.state.autonomous.set_height(height);
        self.state.sources.set_height(height);
    }
}
