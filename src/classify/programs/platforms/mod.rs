//! Hosting platforms: `heroku`, `fly`, `vercel`.

mod fly;
mod heroku;
mod inner;
mod netlify;
mod railway;
mod vercel;

use super::{How, Program};

const fn code(
    names: &'static [&'static str],
    judge: fn(&super::Call<'_>, &mut super::Judge<'_>),
) -> Program {
    Program { names, how: How::Code(judge) }
}

const fn table(names: &'static [&'static str], cli: &'static super::Cli) -> Program {
    Program { names, how: How::Table(cli) }
}

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    code(&["heroku"], heroku::judge),
    code(&["netlify", "ntl"], netlify::judge),
    table(&["vercel", "vc", "now"], &vercel::VERCEL),
    table(&["fly", "flyctl"], &fly::FLY),
    table(&["railway"], &railway::RAILWAY),
];
