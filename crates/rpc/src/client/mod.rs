//! A session that is served elsewhere.
