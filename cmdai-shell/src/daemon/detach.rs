//! Away from the terminal that started the daemon: nothing of it is held open, and its end is not ours.

use std::os::fd::RawFd;

/// Closes what was inherited beside the three standard streams, and begins a session without a terminal.
///
/// To be called first, before anything is opened.
pub(super) fn leave_session() {
    for fd in inherited() {
        // SAFETY: nothing was opened by this process yet, so nobody in it owns a descriptor above 2. One that
        // is not open any more (the directory that was listed) is refused by the system and nothing else.
        unsafe { libc::close(fd) };
    }
    // Refused where this process leads a session already, which is what is wanted.
    let _ = rustix::process::setsid();
    rustix::process::umask(rustix::fs::Mode::from_bits_truncate(0o077));
    // A working directory would keep a disk from being taken out.
    let _ = std::env::set_current_dir("/");
}

fn inherited() -> Vec<RawFd> {
    let folder = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|fd| *fd > 2).collect()
}

/// Lets go of the standard streams. Whoever started this sees the end of its pipe, and knows that all is well.
pub(super) fn leave_streams() -> std::io::Result<()> {
    let null = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    rustix::stdio::dup2_stderr(&null)?;
    Ok(())
}
