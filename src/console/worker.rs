//! Carries out effects away from the UI task, and answers with messages.
//!
//! ```text
//!   UI task ──Effect──▶ perform (own task each) ──▶ Review, Store, Poller
//!      ▲                        │
//!      └────────── Msg ─────────┘
//! ```

use super::{
    diff,
    msg::{Effect, Foreseen, Loaded, LoadedAction, Msg, Script},
    state::rows::danger,
    view::diff_pane::DiffPane,
};
use crate::{
    domain::{Action, ActionId, Diff, Digest, Subject, Untrusted, Verdict},
    review::{DecideError, Poller, Review},
    store::StoreError,
    text::{SafeText, hidden_in},
};
use std::sync::Arc;

/// How many lines of history are read at once.
const HISTORY: u32 = 400;

/// Stands for the reason before there is one.
const NO_REASON_YET: &str = "<your reason>";

/// What a revocation given in the console says of itself.
const REASON: &str = "from the console";

/// The rooms below, for the worker.
#[derive(Clone)]
pub struct Desk {
    /// The use cases and the store.
    pub review: Review,
    /// The polling.
    pub poller: Arc<Poller>,
}

/// Carries out one effect. `None` where there is nothing to say, or where it is not for us but
/// for the terminal (copy, suspend, quit).
pub async fn perform(effect: Effect, desk: &Desk) -> Option<Msg> {
    let review = &desk.review;
    match effect {
        Effect::Refresh { known } => Some(refresh(review, known).await),
        Effect::LoadAction(id) => Some(load_action(review, id).await),
        Effect::OlderActivity { before } => {
            Some(match review.store().activity(HISTORY, Some(before)).await {
                Ok(lines) => Msg::OlderActivity(lines),
                Err(error) => Msg::StoreFailed(error.to_string()),
            })
        }
        Effect::Foresee { action, reason } => {
            let calls = review.foresee(&action, Verdict::Reject, &reason);
            Some(Msg::Foreseen(action.id.clone(), reason, calls))
        }
        Effect::Decide { action, seen, verdict, reason } => {
            let result = review.decide(&action, seen, verdict, reason).await;
            Some(match result {
                Err(DecideError::Changed(now)) => match prepare(review, *now, None).await {
                    Some(loaded) => Msg::Changed(action, Box::new(loaded)),
                    None => Msg::Decided(
                        action,
                        verdict,
                        Err(DecideError::Ended("it can no longer be read".to_owned())),
                    ),
                },
                result => Msg::Decided(action, verdict, result),
            })
        }
        Effect::PreviewRevoke(id) => {
            let result = review.preview_revoke(&id).await;
            Some(Msg::Previewed(id, result))
        }
        Effect::PreviewRestore(id) => {
            let result = review.preview_restore(&id).await;
            Some(Msg::Previewed(id, result))
        }
        Effect::Revoke(id, preview) => {
            let result = review.revoke(&id, &preview, REASON.into()).await;
            Some(Msg::Carried(id, result))
        }
        Effect::Restore(id, preview) => {
            let result = review.restore(&id, &preview, REASON.into()).await;
            Some(Msg::Carried(id, result))
        }
        Effect::PollNow => {
            desk.poller.poll_now();
            None
        }
        Effect::Discard(rows) => {
            drop(rows);
            None
        }
        Effect::Copy(_) | Effect::Suspend | Effect::Quit => None,
    }
}

async fn refresh(review: &Review, known: Option<i64>) -> Msg {
    match lists(review, known).await {
        Ok(Some(loaded)) => Msg::Loaded(Box::new(loaded)),
        Ok(None) => Msg::NothingNew,
        Err(error) => Msg::StoreFailed(error.to_string()),
    }
}

async fn lists(review: &Review, known: Option<i64>) -> Result<Option<Loaded>, StoreError> {
    let store = review.store();
    // The version first: a write in between makes the next refresh read again, never less.
    let version = store.version().await?;
    if known == Some(version) {
        return Ok(None);
    }
    let mut credentials = store.credentials(true).await?;
    credentials.sort_by_cached_key(danger);
    Ok(Some(Loaded {
        version,
        actions: Arc::new(store.actions(false).await?),
        credentials: Arc::new(credentials),
        activity: store.activity(HISTORY, None).await?,
        sources: store.sources().await?,
    }))
}

async fn load_action(review: &Review, id: ActionId) -> Msg {
    match review.store().action(&id).await {
        Ok(Some((row, action))) => {
            let loaded = prepare(review, action, Some(row.digest)).await;
            Msg::ActionLoaded(id, loaded.map(Box::new))
        }
        Ok(None) => Msg::ActionLoaded(id, None),
        Err(error) => Msg::StoreFailed(error.to_string()),
    }
}

/// Parses the diff and looks for hidden characters, on a thread that may take its time.
async fn prepare(
    review: &Review,
    action: Action,
    row_digest: Option<Digest>,
) -> Option<LoadedAction> {
    let foreseen = Foreseen {
        approve: review.foresee(&action, Verdict::Approve, &Untrusted::default()),
        reject: review.foresee(&action, Verdict::Reject, &NO_REASON_YET.into()),
    };
    tokio::task::spawn_blocking(move || {
        let digest = action.digest().ok()?;
        let diff = match &action.change.diff {
            Diff::Text(text) => DiffPane::parse(text),
            Diff::Unavailable(_) | Diff::None => DiffPane::default(),
        };
        let hidden = hidden_in(&action);
        diff.warm(80);
        let row_digest = row_digest.unwrap_or(digest);
        let script = script_in(&action);
        let (diff, action) = (Arc::new(diff), Arc::new(action));
        Some(LoadedAction { action, digest, row_digest, diff, hidden, script, foreseen })
    })
    .await
    .ok()
    .flatten()
}

/// The first argument of several lines, in colours where the language is known. One with hidden
/// characters stays as it is: marks matter more than colours.
fn script_in(action: &Action) -> Option<Script> {
    let Subject::Command { argv, .. } = &action.subject else { return None };
    let argument = argv.iter().position(|word| word.raw().contains('\n'))?;
    let text = SafeText::block(&argv[argument]);
    if text.has_hidden() {
        return None;
    }
    let program = argv.first()?.raw();
    let program = program.rsplit('/').next().unwrap_or(program);
    let extension = match program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
        "sh" | "bash" | "dash" | "zsh" | "ksh" => "sh",
        "python" => "py",
        "ruby" => "rb",
        "node" => "js",
        "perl" => "pl",
        "psql" | "mysql" | "sqlite" => "sql",
        _ => "",
    };
    Some(Script { argument, lines: diff::script(text.as_str(), extension) })
}
