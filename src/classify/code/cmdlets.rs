//! Names of cmdlets.
