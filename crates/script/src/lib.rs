//! Scripts in Starlark that drive a debugging session, over [`adit_api::Client`].
