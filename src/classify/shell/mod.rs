//! What a shell script would do: it is taken apart, and every program in it is judged.

use super::{Call, Data, HOLE, HOLES, Judge, Variables, Word};
use brush_parser::{
    ParserOptions, ast,
    ast::SourceLocation,
    word::{WordPiece, WordPieceWithSource},
};

/// Judges a script and gives what it prints.
pub fn script(script: &Word, variables: &Variables, stdin: &Data, judge: &mut Judge<'_>) -> Data {
    let options = ParserOptions::default();
    let reader = std::io::Cursor::new(script.text().as_bytes());
    let Ok(program) = brush_parser::Parser::new(reader, &options).parse_program() else {
        judge.opaque(script.span(), "it is not shell that can be read");
        return Data::Unknown(script.span());
    };
    let mut last = Data::Nothing;
    for list in &program.complete_commands {
        for item in &list.0 {
            for (_, pipeline) in &item.0 {
                let mut input = stdin.clone();
                for command in &pipeline.seq {
                    input = match command {
                        ast::Command::Simple(simple) => {
                            let mut words = Vec::new();
                            words.extend(simple.word_or_name.as_ref().map(|w| word(w, script)));
                            for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
                                match item {
                                    ast::CommandPrefixOrSuffixItem::Word(w)
                                    | ast::CommandPrefixOrSuffixItem::AssignmentWord(_, w) => {
                                        words.push(word(w, script));
                                    }
                                    _ => judge.opaque(script.span(), "not read yet"),
                                }
                            }
                            judge.call(&Call { words: &words, variables, stdin: &input })
                        }
                        _ => {
                            judge.opaque(script.span(), "not read yet");
                            Data::Unknown(script.span())
                        }
                    };
                }
                last = input;
            }
        }
    }
    last
}

fn word(word: &ast::Word, script: &Word) -> Word {
    let at = word.location().map_or(0..script.text().len(), |l| l.start.index..l.end.index);
    let Ok(pieces) = brush_parser::word::parse(&word.value, &ParserOptions::default()) else {
        return Word::unknowns(script.at(at));
    };
    let mut text = String::new();
    add(&pieces, HOLES, &mut text);
    if text == word.value { script.part(at) } else { Word::made(text, script.at(at)) }
}

fn add(pieces: &[WordPieceWithSource], hole: char, text: &mut String) {
    for piece in pieces {
        match &piece.piece {
            WordPiece::Text(t) | WordPiece::SingleQuotedText(t) | WordPiece::AnsiCQuotedText(t) => {
                text.push_str(t);
            }
            WordPiece::EscapeSequence(t) => text.push_str(t.trim_start_matches('\\')),
            WordPiece::DoubleQuotedSequence(inner) => add(inner, HOLE, text),
            _ => text.push(hole),
        }
    }
}
