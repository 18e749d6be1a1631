//! The states of the console that are shown as pictures. A test draws them too, so that what is
//! committed cannot differ from what the console looks like.

use super::screen::{
    Contents, Opening, Screen, action_row, credential_row, world,
    world::{held, signed},
};
use countersign::{
    console::msg::Msg,
    domain::{Call, LastUsed, OrderKind, Preview, Undo},
};

fn open(width: u16, height: u16, theme: &'static str) -> Screen {
    let opening = Opening { width, height, theme, ..Opening::default() };
    Screen::open(opening, |contents: &mut Contents| {
        contents.actions =
            world::actions().into_iter().map(|action| (action_row(&action), action)).collect();
        contents.credentials = world::credentials().into_iter().map(credential_row).collect();
        contents.activity = world::activity();
        contents.sources = world::sources();
    })
}

/// Everything well, for pictures that are about something else.
fn calm(width: u16, height: u16, theme: &'static str) -> Screen {
    let screen = open(width, height, theme);
    screen.store.change(|contents| {
        for source in &mut contents.sources {
            source.health = countersign::domain::Health::Good;
            source.fault = None;
            source.gaps.clear();
            source.last_good = Some(world::now());
        }
    });
    let mut screen = screen;
    screen.wait(600);
    screen
}

fn preview() -> Preview {
    let call = |status: &str| Call {
        operation: "iam:UpdateAccessKey".into(),
        parameters: vec![
            ("UserName".to_owned(), "kiro-deploy".into()),
            ("AccessKeyId".to_owned(), "AKIAEXAMPLEKIRO00001".into()),
            ("Status".to_owned(), status.into()),
        ],
    };
    Preview {
        order: OrderKind::SetAccessKey {
            user: "kiro-deploy".to_owned(),
            key_id: "AKIAEXAMPLEKIRO00001".to_owned(),
            active: false,
        },
        calls: vec![call("Inactive")],
        last_used: LastUsed::At { at: world::ago(11), what: "rds in eu-north-1".into() },
        undo: Undo::By { call: call("Active") },
        warnings: vec!["This user has one more active key; it keeps working.".to_owned()],
    }
}

/// The company with the gate in front of its agents. One of the seniors has agreed to what was
/// asked last.
pub fn gated(width: u16, height: u16, theme: &'static str) -> Screen {
    asked_at_the_gate(Opening { width, height, theme, ..Opening::default() })
}

/// The same, where everybody signs what they decide.
pub fn signing(width: u16, height: u16) -> Screen {
    asked_at_the_gate(Opening { width, height, signed: true, ..Opening::default() })
}

fn asked_at_the_gate(opening: Opening) -> Screen {
    let signs = opening.signed;
    let mut screen = Screen::open(opening, |contents: &mut Contents| {
        contents.actions =
            held::actions().into_iter().map(|action| (action_row(&action), action)).collect();
        let first = contents.actions[0].1.clone();
        let agreed = if signs { signed::approval } else { held::approval };
        contents.actions[0].0.decisions = vec![agreed(&first, "rowan", 1)];
        contents.credentials = world::credentials().into_iter().map(credential_row).collect();
        contents.activity = world::activity();
        contents.autonomous = held::let_through();
        contents.sources = world::sources();
        for source in &mut contents.sources {
            source.health = countersign::domain::Health::Good;
            source.fault = None;
            source.gaps.clear();
            source.last_good = Some(world::now());
        }
    });
    screen.wait(600);
    screen
}

/// Every picture: its name, and the console in the state it shows.
pub fn pictures() -> Vec<(&'static str, Screen)> {
    let mut queue = calm(140, 44, "dark");
    queue.press("jjj");
    queue.wait(200);
    let mut reading = calm(120, 36, "dark");
    reading.press("jjj");
    reading.wait(200);
    reading.press("]");
    let mut approve = calm(120, 36, "dark");
    approve.press("jjj");
    approve.wait(200);
    approve.press("a");
    approve.wait(700);
    approve.type_text("tidewater/check");
    let mut credentials = calm(120, 36, "dark");
    credentials.press("2");
    let mut reach = calm(120, 36, "dark");
    reach.press("2jwl");
    let mut revoke = calm(120, 36, "dark");
    revoke.press("2x");
    let id = world::credentials()[0].id.clone();
    revoke.answer(Msg::Previewed(id, Ok(preview())));
    revoke.wait(700);
    let mut sources = open(120, 36, "dark");
    sources.press("4j");
    let mut small = calm(80, 24, "dark");
    small.press("jjj");
    small.wait(200);
    let mut hostile = calm(120, 36, "dark");
    hostile.press("jj");
    hostile.wait(200);
    let mut light = calm(120, 36, "light");
    light.press("jjj");
    light.wait(200);
    let mut contrast = calm(120, 36, "high-contrast");
    contrast.press("jjj");
    contrast.wait(200);
    let mut help = calm(120, 36, "dark");
    help.press("?");
    let mut activity = calm(120, 36, "dark");
    activity.press("3jj");
    let mut at_the_gate = gated(120, 40, "dark");
    at_the_gate.wait(200);
    let mut one_of_two = gated(120, 40, "dark");
    one_of_two.press("a");
    one_of_two.wait(700);
    let mut signing = signing(120, 40);
    signing.press("a");
    signing.wait(700);
    signing.press("<down><down><down><down><down>").type_text("bastion-2").press("<enter>");
    let mut boundary = gated(120, 36, "dark");
    boundary.press("jjjj");
    boundary.wait(200);
    boundary.press("a");
    let mut autonomous = gated(120, 36, "dark");
    autonomous.press("3tj");
    let mut gate_small = gated(80, 24, "dark");
    gate_small.wait(200);
    vec![
        ("gate", at_the_gate),
        ("one-of-two", one_of_two),
        ("signing", signing),
        ("boundary", boundary),
        ("let-through", autonomous),
        ("gate-80x24", gate_small),
        ("queue", queue),
        ("diff", reading),
        ("approve", approve),
        ("credentials", credentials),
        ("reach", reach),
        ("revoke", revoke),
        ("sources", sources),
        ("activity", activity),
        ("queue-80x24", small),
        ("hidden-characters", hostile),
        ("light", light),
        ("high-contrast", contrast),
        ("help", help),
    ]
}
