//! A real shell in a real terminal, with the real or a scripted daemon beside it.
//!
//! [`terminal::Terminal`] is a pseudo-terminal and the screen it draws; [`daemon::Daemon`] speaks the
//! protocol from a script and misbehaves on demand; [`zsh::Place`] is a home with a `.zshrc` in it. Nothing
//! sleeps: a caller waits until the screen, the daemon or a file says what it should.

pub mod daemon;
pub mod terminal;
pub mod zsh;
