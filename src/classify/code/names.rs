//! What gives names: imports, loops, `with`, and patterns.

use super::meaning;
use super::reader::Reader;
use super::scope::{canonical, module_name};
use super::token::Kind;
use super::value::{Path, Step, Value};
use crate::classify::Judge;
use std::ops::Range;

impl Reader<'_> {
    /// `for NAME in VALUE:`, `for (const NAME of VALUE)`: the name is one of what the value holds.
    pub(super) fn each(&mut self, at: usize, judge: &mut Judge<'_>) {
        let limit = (at + 8).min(self.tokens.len());
        let Some(mark) = (at..limit).find(|at| self.is(*at, "in") || self.is(*at, "of")) else {
            return;
        };
        let end = self.expression_end(mark + 1);
        let value = match self.value(mark + 1..end, 0, judge) {
            Value::Path(mut path) => {
                let at = self.tokens[mark].at.clone();
                path.steps.push(Step { name: "[]".into(), args: None, at });
                Value::Path(path)
            }
            Value::List(words) => match words.as_slice() {
                [word] => Value::Text(word.clone()),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        };
        let name = self.slice(mark - 1).to_owned();
        self.scope.set(&name, value);
    }

    /// `with VALUE as NAME:`
    pub(super) fn with(&mut self, at: usize, judge: &mut Judge<'_>) {
        let end = self.expression_end(at + 1);
        let Some(mark) = (at + 1..end).find(|at| self.is(*at, "as")) else { return };
        let value = self.value(at + 1..mark, 0, judge);
        let name = self.slice(mark + 1).to_owned();
        self.scope.set(&name, value);
    }

    /// `import os as o, sys`, `from os import system as s`.
    pub(super) fn python_import(&mut self, at: usize, judge: &mut Judge<'_>) -> usize {
        let end = self.statement_end(at);
        let (module, mut next) = if self.is(at, "from") {
            let Some(mark) = (at + 1..end).find(|at| self.is(*at, "import")) else { return end };
            (Some(self.dotted(at + 1..mark)), mark + 1)
        } else {
            (None, at + 1)
        };
        if let Some(module) = &module {
            self.imported(module, at, judge);
        }
        let end = if self.is(next, "(") {
            let close = self.close[next];
            next += 1;
            close
        } else {
            end
        };
        for piece in self.pieces(next..end) {
            let mark = piece.clone().find(|at| self.is(*at, "as"));
            let full = self.dotted(piece.start..mark.unwrap_or(piece.end));
            if self.is(piece.start, "*") {
                // Every name of the module may be meant: its own names are looked up as they are.
                if !matches!(module.as_deref(), Some("math" | "tkinter" | "typing" | "datetime")) {
                    let span = self.span(self.tokens[piece.start].at.clone());
                    judge.opaque(span, "which names this brings is not known");
                }
                continue;
            }
            let (name, path) = match (&module, mark) {
                (Some(module), Some(mark)) => {
                    (self.slice(mark + 1).to_owned(), format!("{module}.{full}"))
                }
                (Some(module), None) => (full.clone(), format!("{module}.{full}")),
                (None, Some(mark)) => (self.slice(mark + 1).to_owned(), full.clone()),
                (None, None) => (
                    full.split('.').next().unwrap_or_default().to_owned(),
                    full.split('.').next().unwrap_or_default().to_owned(),
                ),
            };
            if module.is_none() {
                self.imported(&full, piece.start, judge);
            }
            self.alias(&name, &path, self.tokens[piece.start].at.clone());
        }
        end
    }

    pub(super) fn imported(&self, module: &str, at: usize, judge: &mut Judge<'_>) {
        if !meaning::known_module(self.language, module) {
            let span = self.span(self.tokens[at].at.clone());
            let used = self.text.text().matches(module).count();
            let version =
                self.text.text().contains("__version__") || self.text.text().contains("__file__");
            if !version && used < 2 {
                judge.opaque(span, "what this module does when it is loaded is not known");
            }
        }
    }

    pub(super) fn dotted(&self, range: Range<usize>) -> String {
        range.map(|at| self.slice(at)).collect()
    }

    /// A name for a dotted path.
    pub(super) fn alias(&mut self, name: &str, path: &str, at: Range<usize>) {
        let steps =
            path.split('.').map(|name| Step { name: name.to_owned(), args: None, at: at.clone() });
        self.scope
            .values
            .insert(name.to_owned(), Value::Path(Path { base: None, steps: steps.collect() }));
    }

    /// `import fs, { rm as r } from 'fs'`, `import * as cp from "child_process"`.
    pub(super) fn javascript_import(&mut self, at: usize, judge: &mut Judge<'_>) -> usize {
        let end = self.statement_end(at + 1);
        let mut module = None;
        for token in (at + 1..end.min(self.tokens.len())).rev() {
            if let Some(Kind::Text(word)) = self.kind(token) {
                module = Some(module_name(word.text()));
                break;
            }
        }
        let Some(module) = module else { return end };
        if !meaning::known_module(self.language, &module) {
            let span = self.span(self.tokens[at].at.clone());
            judge.opaque(span, "what this module does when it is loaded is not known");
        }
        let mut token = at + 1;
        while token < end {
            if self.is(token, "{") {
                self.destructure(token, &module);
                token = self.close[token] + 1;
            } else if self.is(token, "*") {
                let name = self.slice(token + 2).to_owned();
                self.alias_of(&name, &module, "", token);
                token += 3;
            } else if self.kind(token) == Some(&Kind::Name) && !self.is(token, "from") {
                let name = self.slice(token).to_owned();
                self.alias_of(&name, &module, "", token);
                token += 1;
            } else {
                token += 1;
            }
        }
        end
    }

    pub(super) fn alias_of(&mut self, name: &str, module: &str, member: &str, at: usize) {
        let at = self.tokens[at].at.clone();
        let mut steps = vec![Step { name: module.to_owned(), args: None, at: at.clone() }];
        if !member.is_empty() && member != "default" {
            steps.push(Step { name: member.to_owned(), args: None, at });
        }
        self.scope.values.insert(name.to_owned(), Value::Path(Path { base: None, steps }));
    }

    /// `{ a, b: c, d as e }` of a module.
    pub(super) fn destructure(&mut self, open: usize, module: &str) {
        for piece in self.pieces(open + 1..self.close[open]) {
            let member = self.slice(piece.start).to_owned();
            let renamed = piece.len() > 2
                && (self.is(piece.start + 1, ":") || self.is(piece.start + 1, "as"));
            let name =
                if renamed { self.slice(piece.start + 2).to_owned() } else { member.clone() };
            self.alias_of(&name, module, &member, piece.start);
        }
    }

    /// `const { a } = require("m")`, `const { a } = object`.
    pub(super) fn declaration(&mut self, at: usize, judge: &mut Judge<'_>) {
        if !self.is(at, "{") || !self.is(self.close[at] + 1, "=") {
            return;
        }
        let from = self.close[at] + 2;
        self.scope.declared.extend(at..from);
        let end = self.expression_end(from);
        match self.value(from..end, 0, judge) {
            Value::Path(path) => {
                let pieces = self.pieces(at + 1..self.close[at]);
                for piece in pieces {
                    let member = self.slice(piece.start).to_owned();
                    let renamed = piece.len() > 2 && self.is(piece.start + 1, ":");
                    let name = if renamed {
                        self.slice(piece.start + 2).to_owned()
                    } else {
                        member.clone()
                    };
                    let mut path = canonical(path.clone());
                    path.steps.push(Step {
                        name: member,
                        args: None,
                        at: self.tokens[piece.start].at.clone(),
                    });
                    self.scope.values.insert(name, Value::Path(path));
                }
            }
            _ => {
                for piece in self.pieces(at + 1..self.close[at]) {
                    let name = self.slice(piece.end - 1).to_owned();
                    self.scope.set(&name, Value::Unknown);
                }
            }
        }
    }
}
