//! `countersign watch`
//!
//! ```text
//!   watch          Desk ─▶ Post ─▶ watch::run     until SIGTERM; SIGHUP reads the configuration anew
//!   watch --once   Desk ─▶ Post ─▶ watch::run_once
//!   watch --check  files of the running one ─▶ Health
//!   watch --test   one receiver, one message, its answer
//! ```

mod check;
mod test;

pub(super) use check::health;

use super::{
    Desk, Global, assemble, duty,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    domain::Untrusted,
    gate,
    text::SafeText,
    watch::{self, Frame, Outbox, Place, PlaceError, Post, Saying},
};
use clap::Args;
use jiff::SignedDuration;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long `--once` offers news to receivers.
const ONCE: Duration = Duration::from_secs(30);

/// Poll without a terminal, and tell people and programs what happens
///
/// Runs until it is ended: by SIGTERM or Ctrl-C. SIGHUP reads the configuration anew. Who is told
/// what stands in `[[notify]]` of config.toml; docs/watch.md has the form of what is sent.
#[derive(Debug, Args)]
pub struct Watch {
    /// Poll once, tell, and end: for cron
    #[arg(long, conflicts_with_all = ["check", "test"])]
    once: bool,
    /// Say whether a watch runs and does its work; 1 and why where it does not
    #[arg(long, conflicts_with = "test")]
    check: bool,
    /// Send a message to this `[[notify]]` and show its answer
    #[arg(long, value_name = "NAME")]
    test: Option<String>,
}

impl Watch {
    /// Watches, or what was asked for instead.
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        if self.check {
            return check::run(global, output).await;
        }
        if let Some(name) = self.test {
            return test::run(global, &name, output).await;
        }
        let (post, path) = post(global).await?;
        if post.sinks.is_empty() {
            output.notice("warning: no [[notify]] is configured: what happens is only printed");
        }
        let place = Place::beside(&path);
        let _held = place.hold().map_err(not_held)?;
        let bound = assemble::load(global)?.config.watch.queue;
        let (outbox, said) =
            Outbox::open(place, bound, &gate::host_name()).map_err(|error| not_kept(&error))?;
        if let Some(said) = said {
            aside(output, &said);
        }
        // Whoever cannot write down what was told would tell it all again, or forget it.
        outbox.save().map_err(|error| not_kept(&error))?;
        let say = Box::new(move |saying: Saying<'_>| told(&saying, output));
        let outbox = Arc::new(outbox);
        if self.once {
            return once(post, outbox, say).await;
        }
        let asking = Mutex::new(duty::keep_asking(&post.frame.review.rules().reviewers));
        watch::tell_service("READY=1");
        let mut reload: Box<watch::Reload<'_>> = Box::new(|| {
            Box::pin(async {
                let post = reloaded(global, &path).await?;
                let anew = duty::keep_asking(&post.frame.review.rules().reviewers);
                *asking.lock().unwrap_or_else(PoisonError::into_inner) = anew;
                Ok(post)
            })
        });
        watch::run(post, outbox, say, &mut *reload).await?;
        watch::tell_service("STOPPING=1");
        Ok(Exit::Done)
    }
}

async fn once(post: Post, outbox: Arc<Outbox>, say: Box<watch::Say>) -> Result<Exit, Failure> {
    match watch::run_once(post, outbox, say, ONCE).await? {
        0 => Ok(Exit::Done),
        left => Err(Failure::new(Kind::Io, format!("{left} news were not taken")).next(
            "they are kept and sent the next time; `countersign watch --test NAME` tries one",
        )),
    }
}

/// What a watch does by the configuration as it is now, and where its store is.
async fn post(global: &Global) -> Result<(Post, PathBuf), Failure> {
    let desk = Desk::open(global).await?;
    let path = assemble::store_path(global, &desk.config)?;
    let sinks = watch::sinks(&desk.config.notify);
    let frame = Frame {
        review: desk.review,
        host: gate::host_name(),
        expiring: SignedDuration::try_from(Duration::from_secs(desk.config.watch.expiring_seconds))
            .unwrap_or(SignedDuration::ZERO),
        remind: SignedDuration::try_from(Duration::from_secs(desk.config.watch.remind_seconds))
            .unwrap_or(SignedDuration::MAX),
    };
    Ok((Post { poller: Arc::new(desk.poller), frame, sinks }, path))
}

async fn reloaded(global: &Global, path: &PathBuf) -> Result<Post, String> {
    let one_line = |failure: Failure| SafeText::line(&failure.message).as_str().to_owned();
    let (post, now) = post(global).await.map_err(one_line)?;
    if now != *path {
        return Err(format!("it names another store, {}; start the watch anew", now.display()));
    }
    Ok(post)
}

/// Writes what the watch says: what happens to stdout, the rest to stderr.
fn told(saying: &Saying<'_>, output: Output) {
    match saying {
        Saying::News(news) => {
            let line = if output.is_json() {
                news.json()
            } else {
                let at = news.at.strftime("%Y-%m-%d %H:%M:%SZ");
                format!("{at} {:<16} {}", news.event, news.summary)
            };
            // Whoever reads no more has not ended the watch.
            let _ = output.text(&format!("{line}\n"));
        }
        Saying::Trouble(text) => aside(output, &format!("warning: {text}")),
        Saying::Good(text) => aside(output, text),
    }
}

fn aside(output: Output, text: &str) {
    output.aside(&format!("{}\n", SafeText::line(&Untrusted::new(text))));
}

fn not_held(error: PlaceError) -> Failure {
    match error {
        PlaceError::Taken { .. } => Failure::new(Kind::Pending, error.to_string())
            .next("one watch a store is enough; `countersign watch --check` says how it is doing"),
        error => not_kept(&error),
    }
}

fn not_kept(error: &PlaceError) -> Failure {
    Failure::new(Kind::Io, format!("what was told cannot be kept: {error}")).next(
        "make the folder of the store writable, and make room there: a watch that forgets would \
         tell everything again",
    )
}
