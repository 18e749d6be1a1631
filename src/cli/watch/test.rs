//! `countersign watch --test NAME`

use super::super::{
    Global, assemble,
    exit::Exit,
    failure::{Failure, Kind},
    output::Output,
};
use crate::{
    gate,
    report::{Cell, Ink, Page, Report},
    watch::{self, Event, News, Sink},
};
use jiff::Timestamp;
use serde::Serialize;

/// What a receiver answered.
struct Tried<'a> {
    name: &'a str,
    id: &'a str,
    said: &'a str,
}

impl Report for Tried<'_> {
    fn human(&self, ink: Ink) -> String {
        let page = Page::new();
        page.field(self.name, Cell::own(format!("took it: {}", self.said))).text(ink)
    }

    fn name(&self) -> &'static str {
        "watch-test"
    }

    fn body(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Body<'a> {
            receiver: &'a str,
            id: &'a str,
            answer: &'a str,
        }
        Body { receiver: self.name, id: self.id, answer: self.said }
    }
}

/// Sends one message, once.
pub(super) async fn run(global: &Global, name: &str, output: Output) -> Result<Exit, Failure> {
    let config = assemble::load(global)?.config;
    let sinks = watch::sinks(&config.notify);
    let Some(sink) = sinks.iter().find(|sink| sink.name() == name) else {
        return Err(no_such(name, &sinks));
    };
    let now = Timestamp::now();
    let host = gate::host_name();
    let summary = "somebody tries whether messages of countersign arrive here";
    let news = News::new(Event::Test, &now.to_string(), now, &host, summary);
    match sink.deliver(&news).await {
        Ok(answer) => {
            output.report(&Tried { name, id: &news.id, said: &answer.said })?;
            Ok(Exit::Done)
        }
        Err(error) => Err(Failure::new(Kind::Io, format!("{name} did not take it: {error}"))
            .next("put the receiver or its [[notify]] right, and try again")),
    }
}

fn no_such(name: &str, sinks: &[Sink]) -> Failure {
    let names: Vec<&str> = sinks.iter().map(Sink::name).collect();
    let next = if names.is_empty() {
        "there is no [[notify]] in config.toml; docs/watch.md shows one".to_owned()
    } else {
        format!("those there are: {}", names.join(", "))
    };
    Failure::new(Kind::Usage, format!("no [[notify]] is called {name}")).next(next)
}
