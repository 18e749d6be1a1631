//! The whole console on a test screen, driven by typed keys.
