//! What a style is for.

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $key:literal,)*) => {
        /// What a piece of the screen is, as themes name it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        impl Role {
            /// Every role, in the order themes list them.
            pub const ALL: [Self; [$($key),*].len()] = [$(Self::$role),*];

            /// Its key in a theme file.
            pub fn key(self) -> &'static str {
                match self { $(Self::$role => $key,)* }
            }
        }
    };
}

roles! {
    /// Ordinary text and the ground it stands on.
    Text = "text",
    /// Text of less weight: labels, ages, hints.
    Dim = "dim",
    /// Lines between panes.
    Border = "border",
    /// The frame of the pane that has the keys.
    BorderFocus = "border-focus",
    /// Titles of panes.
    Title = "title",
    /// What the eye should find: the active tab, ids.
    Accent = "accent",
    /// A key to press.
    Key = "key",
    /// The selected row of the list that has the keys.
    Selection = "selection",
    /// The selected row of a list that does not.
    SelectionIdle = "selection-idle",
    /// The banner of an unusual world (the demo).
    Banner = "banner",
    /// Production.
    Production = "production",
    /// Failures, refusals and things that cannot be undone.
    Danger = "danger",
    /// Things to look at.
    Warning = "warning",
    /// Things that are well.
    Ok = "ok",
    /// A button without the focus.
    Button = "button",
    /// The button that has the focus.
    ButtonFocus = "button-focus",
    /// The focused button that carries something out.
    ButtonDanger = "button-danger",
    /// A line of input.
    Input = "input",
    /// A token that stands for a hidden or acting character.
    HiddenToken = "hidden-token",
    /// An added line.
    Added = "added",
    /// A removed line.
    Removed = "removed",
    /// The changed words of an added line.
    AddedWord = "added-word",
    /// The changed words of a removed line.
    RemovedWord = "removed-word",
    /// A hunk header.
    Hunk = "hunk",
    /// A file header of a diff.
    File = "file",
    /// Line numbers of a diff.
    LineNumber = "line-number",
    /// Keywords.
    SyntaxKeyword = "syntax-keyword",
    /// Strings.
    SyntaxString = "syntax-string",
    /// Numbers and constants.
    SyntaxNumber = "syntax-number",
    /// Comments.
    SyntaxComment = "syntax-comment",
    /// Types.
    SyntaxType = "syntax-type",
    /// Functions.
    SyntaxFunction = "syntax-function",
}
