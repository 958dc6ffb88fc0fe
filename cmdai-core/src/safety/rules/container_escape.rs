//! The rule `container-escape`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Gives a container the machine that it runs on.
    ///
    /// ## Why
    /// With all rights, the machine's disks or the socket of the daemon, root in the container is root
    /// outside: whatever the image does, it does to the whole machine.
    ///
    /// ## Instead
    /// Mount the one folder that is needed, read-only (`-v ./data:/data:ro`), and give single capabilities.
    ///
    /// ```sh,flagged
    /// docker run -v /:/host alpine ls /host
    /// docker run --privileged alpine
    /// docker run --pid=host alpine ps
    /// docker run --cap-add=SYS_ADMIN alpine
    /// docker run -v /var/run/docker.sock:/var/run/docker.sock alpine
    /// docker run --mount type=bind,src=/etc,dst=/e alpine sh
    /// docker run --device /dev/sda alpine
    /// ```
    /// ```sh,clean
    /// docker run alpine
    /// docker run -v ./data:/data alpine ls /data
    /// docker run -v /etc/localtime:/etc/localtime:ro alpine date
    /// docker run -v data:/var/lib/postgresql postgres
    /// docker run --cap-drop ALL alpine
    /// docker run --device /dev/dri alpine
    /// ```
    CONTAINER_ESCAPE { name: "container-escape", subject: Subject::Effects(&[EffectKind::Escape], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let what = &effect.target.text;
    Some(if effect.recursive {
        let message = format!("Gives a container {what}: what runs in it can do anything to this machine.");
        Alarm::new(Risk::High, message)
    } else {
        Alarm::new(Risk::Moderate, format!("Gives a container {what}: part of the wall around it is gone."))
    })
}
