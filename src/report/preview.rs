//! What an order would do, before it is given.

use super::{Cell, Ink, Page, Report, Tone, words};
use crate::domain::{Call, CredentialId, Preview, Undo, Untrusted};
use jiff::Timestamp;
use serde::Serialize;

/// An order that was looked at and not given.
pub struct Foreseen<'a> {
    /// About what.
    pub id: &'a CredentialId,
    /// What would be sent.
    pub preview: &'a Preview,
    /// When it was looked at.
    pub now: Timestamp,
}

impl Report for Foreseen<'_> {
    fn human(&self, ink: Ink) -> String {
        preview_page(self.preview, self.now).text(ink)
    }

    fn name(&self) -> &'static str {
        "preview"
    }

    fn body(&self) -> impl Serialize + '_ {
        Body { id: self.id, preview: self.preview }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a CredentialId,
    preview: &'a Preview,
}

/// The page a person sees before giving an order.
pub fn preview_page(preview: &Preview, now: Timestamp) -> Page {
    let page = calls_page(&preview.calls)
        .heading("before you do")
        .field("last used", words::last_used_long(&preview.last_used, now));
    let page = match &preview.undo {
        Undo::By { call } => page.field("can be undone by", Cell::outside(&words::call_line(call))),
        Undo::No { because } => page.field("cannot be undone", Cell::own(because).tone(Tone::Bad)),
    };
    preview
        .warnings
        .iter()
        .fold(page, |page, warning| page.field("mind", Cell::own(warning).tone(Tone::Warning)))
}

/// The calls of an order alone, before it is given.
pub fn calls_page(of_order: &[Call]) -> Page {
    calls(Page::new().heading("this will be sent, once"), of_order)
}

/// The calls of an order, each with its parameters.
fn calls(page: Page, calls: &[Call]) -> Page {
    calls.iter().fold(page, |page, call| {
        let page = page.item(Cell::outside(&call.operation));
        call.parameters.iter().fold(page, |page, (name, value)| {
            page.detail(Cell::outside(&Untrusted::new(format!("{name} = {}", value.raw()))))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::preview_page;
    use crate::{
        domain::{Call, LastUsed, OrderKind, Preview, Undo},
        report::{Ink, samples},
    };

    #[test]
    fn a_preview_shows_the_call_the_last_use_and_the_way_back() {
        let call = |status: &str| Call {
            operation: "iam:UpdateAccessKey".into(),
            parameters: vec![
                ("UserName".to_owned(), "deploy-agent".into()),
                ("Status".to_owned(), status.into()),
            ],
        };
        let preview = Preview {
            order: OrderKind::SetAccessKey {
                user: "deploy-agent".to_owned(),
                key_id: "AKIAEXAMPLE000000001".to_owned(),
                active: false,
            },
            calls: vec![call("Inactive")],
            last_used: LastUsed::At { at: samples::days_ago(3), what: "s3".into() },
            undo: Undo::By { call: call("Active") },
            warnings: vec!["deploy-agent has another active key".to_owned()],
        };
        insta::assert_snapshot!(preview_page(&preview, samples::now()).text(Ink::default()));
    }
}
