//! A message as Slack's incoming webhooks take it, and what imitates them.
//!
//! <https://docs.slack.dev/messaging/formatting-message-text>: `&`, `<` and `>` are escaped, and
//! with `mrkdwn` off nothing else in the text acts.

use super::{
    super::{Answer, News, Undelivered},
    post,
};
use crate::config::Address;
use reqwest::header::HeaderMap;
use serde_json::json;

/// Posts it.
pub(super) async fn post(address: &Address, news: &News) -> Result<Answer, Undelivered> {
    let url = post::address(address).await?;
    post::post(url, HeaderMap::new(), body(news)).await
}

fn body(news: &News) -> String {
    let mut text = format!("[{}] {} ({})", news.event, news.summary, news.host);
    if let Some(action) = &news.action {
        text.push_str("\n$ ");
        text.push_str(&action.look);
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": text, "mrkdwn": false, "unfurl_links": false, "unfurl_media": false })
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::{super::super::Event, News, body};
    use jiff::Timestamp;

    #[test]
    fn nobody_is_called_and_nothing_linked_by_what_an_agent_wrote() {
        let news = News::new(
            Event::Waiting,
            "x",
            Timestamp::UNIX_EPOCH,
            "bastion",
            "<!channel> <https://evil.example|look> & more",
        );
        let sent: serde_json::Value = serde_json::from_str(&body(&news)).unwrap();
        let text = sent["text"].as_str().unwrap();
        assert!(text.starts_with("[waiting] &lt;!channel&gt;"), "{text}");
        assert!(!text.contains('<'), "{text}");
        assert_eq!(sent["mrkdwn"], false);
    }
}
