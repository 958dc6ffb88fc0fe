//! The rules, one file each, and the list of them.
//!
//! To add one: a file `rules/<name>.rs` after the pattern of its neighbours, a `mod` line and a line in
//! [`ALL`], both sorted. The documentation's `flagged` and `clean` lines are run as tests.

mod cloud_exposure;
mod code_from_network;
mod configure;
mod container_escape;
mod delete_everything_here;
mod delete_file;
mod delete_not_tied;
mod destroy_infrastructure;
mod drop_data;
mod exhaust;
mod fork_bomb;
mod git_discard_work;
mod git_hook;
mod git_rewrite_published;
mod grant_access;
mod grant_all;
mod guard_off;
mod hide_traces;
mod install_software;
mod interrupt_service;
mod invisible_characters;
mod kill_everything;
mod look_alike_letters;
mod make_filesystem;
mod overwrite_file;
mod overwrite_system_file;
mod permission_change;
mod permissions_open_wide;
mod permissions_system;
mod privilege;
mod project_startup;
mod protection_off;
mod publish;
mod read_secret;
mod reverse_shell;
mod rm_home;
mod rm_recursive;
mod rm_system_dir;
mod rm_unset_variable;
mod secret_to_network;
mod shell_startup;
mod shutdown;
mod unresolved_code;
mod upload_public;
mod write_device;

use super::rule::Rule;
pub(super) use git_discard_work::FRESH;
pub(super) use guard_off::{is_guard, is_guard_folder, receives_guards};
pub(super) use make_filesystem::is_swap_file;
pub(super) use overwrite_system_file::is_new_server;
pub(super) use permissions_open_wide::Mode;
pub(super) use protection_off::ONE_LINE;
pub(super) use read_secret::SERVED;

/// Every rule, sorted by name.
pub(super) static ALL: &[&Rule] = &[
    &cloud_exposure::CLOUD_EXPOSURE,
    &code_from_network::CODE_FROM_NETWORK,
    &configure::CONFIGURE,
    &container_escape::CONTAINER_ESCAPE,
    &delete_everything_here::DELETE_EVERYTHING_HERE,
    &delete_file::DELETE_FILE,
    &delete_not_tied::DELETE_NOT_TIED,
    &destroy_infrastructure::DESTROY_INFRASTRUCTURE,
    &drop_data::DROP_DATA,
    &exhaust::EXHAUST,
    &fork_bomb::FORK_BOMB,
    &git_discard_work::GIT_DISCARD_WORK,
    &git_hook::GIT_HOOK,
    &git_rewrite_published::GIT_REWRITE_PUBLISHED,
    &grant_access::GRANT_ACCESS,
    &grant_all::GRANT_ALL,
    &guard_off::GUARD_OFF,
    &hide_traces::HIDE_TRACES,
    &install_software::INSTALL_SOFTWARE,
    &interrupt_service::INTERRUPT_SERVICE,
    &invisible_characters::INVISIBLE_CHARACTERS,
    &kill_everything::KILL_EVERYTHING,
    &look_alike_letters::LOOK_ALIKE_LETTERS,
    &make_filesystem::MAKE_FILESYSTEM,
    &overwrite_file::OVERWRITE_FILE,
    &overwrite_system_file::OVERWRITE_SYSTEM_FILE,
    &permission_change::PERMISSION_CHANGE,
    &permissions_open_wide::PERMISSIONS_OPEN_WIDE,
    &permissions_system::PERMISSIONS_SYSTEM,
    &privilege::PRIVILEGE,
    &project_startup::PROJECT_STARTUP,
    &protection_off::PROTECTION_OFF,
    &publish::PUBLISH,
    &read_secret::READ_SECRET,
    &reverse_shell::REVERSE_SHELL,
    &rm_home::RM_HOME,
    &rm_recursive::RM_RECURSIVE,
    &rm_system_dir::RM_SYSTEM_DIR,
    &rm_unset_variable::RM_UNSET_VARIABLE,
    &secret_to_network::SECRET_TO_NETWORK,
    &shell_startup::SHELL_STARTUP,
    &shutdown::SHUTDOWN,
    &unresolved_code::UNRESOLVED_CODE,
    &upload_public::UPLOAD_PUBLIC,
    &write_device::WRITE_DEVICE,
];

#[cfg(test)]
mod tests;
