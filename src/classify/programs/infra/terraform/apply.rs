//! `terraform apply` and `destroy`: who says yes, and to what.

use super::run;
use crate::{
    classify::{
        Data, Judge, Word, plan,
        programs::{Does, Matched},
    },
    domain::Verb,
};

const UNSEEN: Does = Does::Destroys(
    Verb::Update,
    "it is applied unseen: whatever the plan replaces or deletes is gone",
);

/// `terraform apply`.
pub fn apply(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    if matched.dry(&["-destroy"]) {
        return destroy(matched, judge);
    }
    if let Some(file) = matched.operands.first() {
        let text = file.known().and_then(|name| judge.file(name));
        return match text {
            Some(text) if text.trim_start().starts_with('{') => {
                plan::plan(&Word::made(text, file.span()), judge);
            }
            _ => judge.opaque(
                file.span(),
                "what it would do is in this plan; give it as JSON with --plan",
            ),
        };
    }
    let approved = matched.dry(&["-auto-approve"]) || answered(matched.call.stdin);
    if approved && matched.dry(&["-refresh-only"]) {
        run(matched, Does::Changes(Verb::Update, "restore the earlier state"), judge);
    } else if approved {
        run(matched, UNSEEN, judge);
    } else {
        judge.opaque(matched.span(), "what it would do is in a plan that is not given; use --plan");
    }
}

/// Whether something else than a person says yes.
fn answered(stdin: &Data) -> bool {
    match stdin {
        Data::Nothing => false,
        Data::Text(text) => text.has_holes() || text.text().contains("yes"),
        Data::Unknown(_) => true,
    }
}

/// `terraform destroy`.
pub fn destroy(matched: &Matched<'_, '_>, judge: &mut Judge<'_>) {
    let lost = "everything that the state manages is gone";
    run(matched, Does::Destroys(Verb::Delete, lost), judge);
}
