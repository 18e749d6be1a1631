//! "Did you mean": the known name that is closest to what was written.

/// The known name that was probably meant.
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.to_ascii_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&given, name), name))
        .filter(|(distance, name)| {
            // A third of the letters wrong is a slip; more is another word. `interval` for
            // `interval_seconds` is no slip but means it all the same.
            *distance <= (name.len().max(given.len()) / 3).max(1)
                || (given.len() >= 4 && name.starts_with(&given))
                || (name.len() >= 4 && given.starts_with(name))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_guessed_and_other_words_are_not() {
        let keys = ["name", "profile", "role_arn", "region", "endpoint_url"];
        assert_eq!(nearest("regoin", keys), Some("region"));
        assert_eq!(nearest("Region", keys), Some("region"));
        assert_eq!(nearest("role-arn", keys), Some("role_arn"));
        assert_eq!(nearest("endpoint", keys), Some("endpoint_url"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("x", keys), None);
    }
}
