//! What the adapter can do.

use super::types::{Capabilities, ExceptionBreakpointsFilter};

/// What `initialize` answers.
pub(crate) fn offered() -> Capabilities {
    let filter = |filter: &str, label: &str| ExceptionBreakpointsFilter {
        filter: filter.to_owned(),
        label: label.to_owned(),
        default: Some(true),
        ..ExceptionBreakpointsFilter::default()
    };
    Capabilities {
        supports_configuration_done_request: Some(true),
        supports_function_breakpoints: Some(true),
        supports_conditional_breakpoints: Some(true),
        supports_hit_conditional_breakpoints: Some(true),
        exception_breakpoint_filters: Some(vec![
            filter("unrecovered-panic", "Unrecovered Panics"),
            filter("runtime-fatal-throw", "Fatal Throws"),
        ]),
        supports_evaluate_for_hovers: Some(true),
        supports_set_variable: Some(true),
        supports_exception_info_request: Some(true),
        supports_data_breakpoints: Some(true),
        supports_read_memory_request: Some(true),
        supports_write_memory_request: Some(true),
        supports_disassemble_request: Some(true),
        supports_clipboard_context: Some(true),
        supports_stepping_granularity: Some(true),
        supports_instruction_breakpoints: Some(true),
        supports_set_expression: Some(true),
        supports_step_in_targets_request: Some(true),
        supports_completions_request: Some(true),
        completion_trigger_characters: Some(vec![".".to_owned()]),
        supports_loaded_sources_request: Some(true),
        supports_modules_request: Some(true),
        supports_breakpoint_locations_request: Some(true),
        supports_exception_filter_options: Some(true),
        supports_terminate_request: Some(true),
        support_terminate_debuggee: Some(true),
        supports_cancel_request: Some(true),
        supports_restart_request: Some(true),
        supports_delayed_stack_trace_loading: Some(true),
        supports_log_points: Some(true),
        ..Capabilities::default()
    }
}
