//! Which key means what, as data. The help page and the footer are made from this table, so
//! they cannot say anything else than what happens.

use super::state::Tab;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "every command is described in the table below")]
pub enum Command {
    Up,
    Down,
    PageUp,
    PageDown,
    HalfUp,
    HalfDown,
    Top,
    Bottom,
    NextTab,
    PreviousTab,
    Tab(u8),
    Open,
    Back,
    Filter,
    Help,
    Approve,
    Reject,
    Withdraw,
    BreakGlass,
    Lock,
    Revoke,
    Restore,
    Copy,
    PollNow,
    Sort,
    ToggleHeld,
    ToggleReasons,
    ToggleAutonomous,
    NextFile,
    PreviousFile,
    ToggleSplit,
    Suspend,
    Quit,
}

/// Where a key means it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// On every page.
    Everywhere,
    /// On the Queue page.
    Queue,
    /// On the Credentials page.
    Credentials,
    /// On the Activity page.
    Activity,
}

impl Context {
    /// Contexts of single pages, and how each page is called where one has to go there.
    pub const PAGES: [(Self, &'static str); 3] = [
        (Self::Queue, "Queue (1)"),
        (Self::Credentials, "Credentials (2)"),
        (Self::Activity, "Activity (3)"),
    ];

    /// The context of a page, where it has keys of its own.
    pub fn of(tab: Tab) -> Option<Self> {
        match tab {
            Tab::Queue => Some(Self::Queue),
            Tab::Credentials => Some(Self::Credentials),
            Tab::Activity => Some(Self::Activity),
            Tab::Sources => None,
        }
    }

    /// The heading of its part of the help page.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Queue => "Queue",
            Self::Credentials => "Credentials",
            Self::Activity => "Activity",
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// The keys, first the one that hints show.
    pub keys: &'static [Chord],
    /// What they mean.
    pub command: Command,
    /// Where.
    pub context: Context,
    /// For the help page.
    pub help: &'static str,
    /// For the footer, if it is worth a place there.
    pub hint: Option<&'static str>,
}

/// A key with its modifiers; shift is part of the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    control: bool,
}

const fn key(code: KeyCode) -> Chord {
    Chord { code, control: false }
}

const fn ch(character: char) -> Chord {
    key(KeyCode::Char(character))
}

const fn ctrl(character: char) -> Chord {
    Chord { code: KeyCode::Char(character), control: true }
}

impl Chord {
    fn matches(self, event: &KeyEvent) -> bool {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let other = event.modifiers.intersects(
            KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META,
        );
        self.code == event.code && self.control == control && !other
    }

    /// How it is written: `j`, `Ctrl-d`, `PgUp`.
    pub fn label(self) -> String {
        let name = match self.code {
            KeyCode::Char(character) => character.to_string(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            other => format!("{other}"),
        };
        if self.control { format!("Ctrl-{name}") } else { name }
    }
}

const fn bind(
    keys: &'static [Chord],
    command: Command,
    context: Context,
    hint: Option<&'static str>,
    help: &'static str,
) -> Binding {
    Binding { keys, command, context, help, hint }
}

/// The table. Bindings of a narrower context come first and win.
pub const KEYMAP: &[Binding] = &[
    bind(
        &[ch('a')],
        Command::Approve,
        Context::Queue,
        Some("approve"),
        "approve the selected action, after a confirmation",
    ),
    bind(
        &[ch('r')],
        Command::Reject,
        Context::Queue,
        Some("reject"),
        "reject the selected action, with a reason",
    ),
    bind(
        &[ch('w')],
        Command::Withdraw,
        Context::Queue,
        None,
        "take your approval of the selected action back",
    ),
    bind(
        &[ch('!')],
        Command::BreakGlass,
        Context::Queue,
        None,
        "let the selected action through alone: break-glass",
    ),
    bind(
        &[ch('L')],
        Command::Lock,
        Context::Queue,
        None,
        "lock whoever asked out of every gate, or unlock them",
    ),
    bind(
        &[ch('x')],
        Command::Revoke,
        Context::Credentials,
        Some("revoke"),
        "revoke the selected credential, after a preview",
    ),
    bind(
        &[ch('u')],
        Command::Restore,
        Context::Credentials,
        Some("restore"),
        "restore what was revoked here, after a preview",
    ),
    bind(
        &[ch('t')],
        Command::ToggleHeld,
        Context::Credentials,
        Some("all"),
        "show all credentials, or only those an AI tool holds",
    ),
    bind(
        &[ch('w')],
        Command::ToggleReasons,
        Context::Credentials,
        Some("why"),
        "say why each line of the reach is there",
    ),
    bind(
        &[ch('t')],
        Command::ToggleAutonomous,
        Context::Activity,
        Some("let through"),
        "show what was let through by policy, or what happened",
    ),
    bind(&[ch(']')], Command::NextFile, Context::Queue, None, "go to the next file of the diff"),
    bind(
        &[ch('[')],
        Command::PreviousFile,
        Context::Queue,
        None,
        "go to the previous file of the diff",
    ),
    bind(
        &[ch('v')],
        Command::ToggleSplit,
        Context::Queue,
        None,
        "show the diff unified or side by side",
    ),
    bind(&[ch('j'), key(KeyCode::Down)], Command::Down, Context::Everywhere, None, "down"),
    bind(&[ch('k'), key(KeyCode::Up)], Command::Up, Context::Everywhere, None, "up"),
    bind(
        &[key(KeyCode::PageDown), ctrl('f')],
        Command::PageDown,
        Context::Everywhere,
        None,
        "a page down",
    ),
    bind(
        &[key(KeyCode::PageUp), ctrl('b')],
        Command::PageUp,
        Context::Everywhere,
        None,
        "a page up",
    ),
    bind(
        &[ctrl('d')],
        Command::HalfDown,
        Context::Everywhere,
        None,
        "the detail, half a page down",
    ),
    bind(&[ctrl('u')], Command::HalfUp, Context::Everywhere, None, "the detail, half a page up"),
    bind(&[ch('g'), key(KeyCode::Home)], Command::Top, Context::Everywhere, None, "to the top"),
    bind(
        &[ch('G'), key(KeyCode::End)],
        Command::Bottom,
        Context::Everywhere,
        None,
        "to the bottom",
    ),
    bind(
        &[key(KeyCode::Enter), key(KeyCode::Right), ch('l')],
        Command::Open,
        Context::Everywhere,
        Some("open"),
        "read the detail",
    ),
    bind(
        &[key(KeyCode::Esc), key(KeyCode::Left), ch('h')],
        Command::Back,
        Context::Everywhere,
        None,
        "back to the list; there, Esc clears the filter",
    ),
    bind(&[key(KeyCode::Tab)], Command::NextTab, Context::Everywhere, None, "next page"),
    bind(
        &[key(KeyCode::BackTab)],
        Command::PreviousTab,
        Context::Everywhere,
        None,
        "previous page",
    ),
    bind(&[ch('1')], Command::Tab(0), Context::Everywhere, None, "Queue"),
    bind(&[ch('2')], Command::Tab(1), Context::Everywhere, None, "Credentials"),
    bind(&[ch('3')], Command::Tab(2), Context::Everywhere, None, "Activity"),
    bind(&[ch('4')], Command::Tab(3), Context::Everywhere, None, "Sources"),
    bind(
        &[ch('/')],
        Command::Filter,
        Context::Everywhere,
        Some("filter"),
        "filter: words that occur; !word must not; reach:admin",
    ),
    bind(&[ch('s')], Command::Sort, Context::Everywhere, Some("sort"), "sort by the next column"),
    bind(
        &[ch('y')],
        Command::Copy,
        Context::Everywhere,
        Some("copy"),
        "copy an id, a commit or an address (OSC 52)",
    ),
    bind(
        &[ch('R')],
        Command::PollNow,
        Context::Everywhere,
        Some("poll now"),
        "ask all sources now",
    ),
    bind(&[ch('?')], Command::Help, Context::Everywhere, Some("help"), "this page"),
    bind(
        &[ctrl('z')],
        Command::Suspend,
        Context::Everywhere,
        None,
        "suspend to the shell; `fg` comes back",
    ),
    bind(&[ch('q'), ctrl('c')], Command::Quit, Context::Everywhere, Some("quit"), "quit"),
];

/// What a key means where these contexts hold.
pub fn lookup(contexts: &[Context], event: &KeyEvent) -> Option<Command> {
    KEYMAP
        .iter()
        .find(|binding| {
            contexts.contains(&binding.context)
                && binding.keys.iter().any(|chord| chord.matches(event))
        })
        .map(|binding| binding.command)
}

#[cfg(test)]
mod tests {
    use super::{Command, Context, KEYMAP, lookup};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn no_key_has_two_meanings_in_one_place() {
        for (index, one) in KEYMAP.iter().enumerate() {
            for other in &KEYMAP[index + 1..] {
                let together = one.context == other.context
                    || one.context == Context::Everywhere
                    || other.context == Context::Everywhere;
                for chord in one.keys {
                    assert!(!(together && other.keys.contains(chord)), "{}", chord.label());
                }
            }
        }
    }

    #[test]
    fn alt_is_never_mistaken_for_the_plain_key() {
        let event = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::ALT);
        assert_eq!(lookup(&[Context::Queue], &event), None);
        let event = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(lookup(&[Context::Everywhere], &event), Some(Command::Bottom));
    }
}
