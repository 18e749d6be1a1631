//! `countersign gate mcp`: what a client and a server notice of it, and what they do not.

mod endings;
mod holding;
mod http;
mod passing;
mod pins;
mod real;
mod rules;
mod talk;
