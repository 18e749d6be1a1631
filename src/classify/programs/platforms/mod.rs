//! Hosting platforms: `heroku`, `fly`, `vercel`.

mod cloudflared;
mod doctl;
mod firebase;
mod fly;
mod heroku;
mod inner;
mod neon;
mod netlify;
mod planetscale;
mod railway;
mod vercel;
mod wrangler;

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
    code(&["wrangler"], wrangler::judge),
    code(&["firebase"], firebase::judge),
    table(&["cloudflared"], &cloudflared::CLOUDFLARED),
    table(&["doctl"], &doctl::DOCTL),
    table(&["pscale"], &planetscale::PSCALE),
    table(&["neon", "neonctl"], &neon::NEON),
];
