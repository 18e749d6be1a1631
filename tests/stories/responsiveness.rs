//! Large worlds: keys are answered while polling.
