//! From the engine's own terms to the API's.

mod location;
mod variable;

pub(crate) use location::{api_frame, api_function, api_location, api_place};
pub(crate) use variable::{api_variable, load_config};
