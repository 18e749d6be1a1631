//! "Did you mean": the known name that is closest to what was written.

/// The known name that was probably meant, without regard to case. A third of the letters wrong is
/// a slip; more is another word, unless what was written is a part of it.
pub(super) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let given = given.to_ascii_lowercase();
    let slip = |name: &str| (name.len().max(given.len()) / 3).max(1);
    let near = known
        .clone()
        .into_iter()
        // Names of very different length are another word; most of a long table ends here.
        .filter(|name| name.len().abs_diff(given.len()) <= slip(name))
        .map(|name| (strsim::damerau_levenshtein(&given, &name.to_ascii_lowercase()), name))
        .filter(|(distance, name)| *distance <= slip(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name);
    near.or_else(|| {
        let mut all = known.into_iter();
        all.find(|name| given.len() >= 3 && name.to_ascii_lowercase().contains(&given))
    })
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_guessed_and_other_words_are_not() {
        let names = ["deploy-agent", "org-admin", "s3:DeleteBucket"];
        assert_eq!(nearest("deploy-agnet", names), Some("deploy-agent"));
        assert_eq!(nearest("s3:deletebuckets", names), Some("s3:DeleteBucket"));
        assert_eq!(nearest("deletebucket", names), Some("s3:DeleteBucket"));
        assert_eq!(nearest("somebody", names), None);
    }
}
