//! What a command would do: the corpus, and the command line around it.

mod command_line;
mod corpus;
mod metamorphic;
mod mutations;
mod packages;
