//! A call of a tool as the client sends it, and how it is refused.

use super::{
    frame::Frame,
    message::{Unclear, clear_names},
};
use crate::{domain::Untrusted, text::SafeText};
use serde_json::{Map, Value, json};

/// The code of an error that says no. JSON-RPC leaves codes outside -32768…-32000 to
/// applications; these are the exit statuses of `gate exec`.
pub const REFUSED: i64 = 77;
/// The code of an error that says not yet.
pub const WAITING: i64 = 75;
/// JSON-RPC's code for parameters that make no sense.
pub(super) const INVALID_PARAMS: i64 = -32602;
/// JSON-RPC's code for a message that is no request.
pub(super) const INVALID_REQUEST: i64 = -32600;
/// JSON-RPC's code for what is no JSON.
pub(super) const PARSE_ERROR: i64 = -32700;

/// The largest number that every reader of JSON reads as the same.
const EXACT: u64 = 1 << 53;

/// A call of a tool.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ToolCall {
    /// Its id; none where it wants no answer.
    pub id: Option<Value>,
    /// The tool.
    pub tool: String,
    /// What it is given; an empty object where it is given nothing.
    pub arguments: Value,
    /// All that makes it this call: the arguments, and whatever else is said beside them but for
    /// `_meta`, where hosts write what differs from call to call.
    pub input: Value,
    /// What progress is to be reported under.
    pub progress: Option<Value>,
}

impl ToolCall {
    /// Reads the parameters of `tools/call`.
    pub fn of(id: Option<Value>, params: Value) -> Result<Self, Unclear> {
        let unclear = |why: &str| Unclear::Doubtful(why.to_owned());
        let Value::Object(mut params) = params else {
            return Err(unclear("it has no parameters"));
        };
        clear_names(&params, &["name", "arguments", "_meta"])?;
        let Some(Value::String(tool)) = params.remove("name") else {
            return Err(unclear("it does not name the tool"));
        };
        let arguments = match params.remove("arguments") {
            None | Some(Value::Null) => Value::Object(Map::new()),
            Some(arguments @ Value::Object(_)) => arguments,
            Some(_) => return Err(unclear("its arguments are no object")),
        };
        let meta = params.remove("_meta").unwrap_or_default();
        let progress =
            meta.get("progressToken").filter(|token| token.is_string() || token.is_number());
        let mut input = arguments.clone();
        if !params.is_empty() {
            params.insert("arguments".to_owned(), input);
            input = Value::Object(params);
        }
        keep_exact(&mut input);
        Ok(Self { id, tool, arguments, input, progress: progress.cloned() })
    }
}

/// Canonical JSON rounds large whole numbers, so that two calls would look the same.
fn keep_exact(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let exact = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            if exact.is_some_and(|number| number > EXACT) {
                *value = json!({ "integer": number.to_string() });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(keep_exact),
        Value::Object(fields) => fields.values_mut().for_each(keep_exact),
        _ => {}
    }
}

/// Why a call does not reach the server.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    /// Code of the error.
    pub code: i64,
    /// Words for the agent and whoever sits before it. Never empty, safe for a terminal.
    pub message: String,
    /// The same for programs.
    pub data: Value,
}

impl Refusal {
    /// It will not pass.
    pub fn new(code: i64, message: impl Into<Untrusted>, data: Value) -> Self {
        let text = SafeText::block(&message.into()).to_string();
        let text = text.trim();
        let message = if text.is_empty() { "refused by countersign" } else { text };
        Self { code, message: message.to_owned(), data }
    }

    /// Something does not work, and so nothing passes.
    pub fn broken(why: impl std::fmt::Display) -> Self {
        Self::new(REFUSED, format!("refused, because {why}"), json!({ "leave": "refused" }))
    }

    /// It, as the answer to a request.
    pub fn answer(&self, id: &Value) -> Option<Frame> {
        let error = json!({ "code": self.code, "message": self.message, "data": self.data });
        Frame::ours(&json!({ "jsonrpc": "2.0", "id": id, "error": error })).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::ToolCall;
    use serde_json::{Value, json};

    fn call(params: Value) -> ToolCall {
        ToolCall::of(Some(json!(1)), params).unwrap()
    }

    #[test]
    fn what_hosts_count_along_does_not_make_another_call() {
        let one = call(json!({"name": "t", "arguments": {"a": 1}, "_meta": {"progressToken": 1}}));
        let two =
            call(json!({"name": "t", "arguments": {"a": 1}, "_meta": {"progressToken": "x"}}));
        assert_eq!(one.input, two.input);
        assert_eq!((one.progress, two.progress), (Some(json!(1)), Some(json!("x"))));
    }

    #[test]
    fn what_stands_beside_the_arguments_does() {
        let plain = call(json!({"name": "t", "arguments": {"a": 1}}));
        let task = call(json!({"name": "t", "arguments": {"a": 1}, "task": {"ttl": 1}}));
        assert_ne!(plain.input, task.input);
    }

    #[test]
    fn large_numbers_stay_apart() {
        let number = |n: u64| {
            let input = call(json!({"name": "t", "arguments": {"id": n}})).input;
            serde_json_canonicalizer::to_string(&input).unwrap()
        };
        assert_ne!(number(9_007_199_254_740_993), number(9_007_199_254_740_994));
        assert_eq!(number(7), r#"{"id":7}"#);
    }

    #[test]
    fn a_call_that_cannot_be_judged_is_none() {
        for params in [
            json!(null),
            json!({}),
            json!({"name": 1}),
            json!({"name": "t", "arguments": "rm -rf /"}),
            json!({"name": "t", "Arguments": {"a": 1}}),
        ] {
            assert!(ToolCall::of(None, params.clone()).is_err(), "{params}");
        }
    }
}
