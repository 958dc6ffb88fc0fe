//! Parameters by which a cmdlet opens something to everybody, or takes a guard away, whatever it is called: `-AllowBlobPublicAccess
//! $true`, `-PublicReadWrite`, a policy whose principal is `*`, addresses from the first to the last.

use super::commands::Argument;
use super::data::Data;
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::{EffectKind, TargetClass};

/// Verbs that put something into another state.
const CHANGES: &[&str] = &["add", "edit", "enable", "grant", "new", "register", "set", "update", "write"];

/// Arguments that are looked at.
const ARGUMENTS: usize = 48;

/// What a parameter with its value does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opens {
    Nothing,
    ToAll,
    /// One end of a range of addresses that has none.
    First,
    Last,
    Whom,
    Wholly,
    Unguarded,
    /// A role that may do as anybody.
    Rights,
}

impl Machine<'_> {
    /// Looks at the parameters of a cmdlet that changes something.
    pub(super) fn opens_up(&mut self, name: &str, arguments: &[Argument], here: Span) {
        let Some((verb, noun)) = super::verbs::parts(name) else { return };
        if !CHANGES.contains(&verb) || !self.spend(1) {
            return;
        }
        let only_shows = |argument: &Argument| {
            argument
                .name
                .as_deref()
                .is_some_and(|name| name.len() > 1 && "whatif".starts_with(&name.to_lowercase()))
                && argument.value.as_ref().and_then(Data::to_bool) != Some(false)
        };
        if arguments.iter().any(only_shows) {
            return;
        }
        let mut seen = Vec::new();
        for (at, argument) in arguments.iter().enumerate().take(ARGUMENTS) {
            let Some(parameter) = &argument.name else { continue };
            let parameter = parameter.trim_end_matches(':').to_lowercase();
            let next = || {
                arguments.get(at + 1).filter(|next| next.name.is_none()).and_then(|next| next.value.as_ref())
            };
            seen.push(opens(noun, &parameter, argument.value.as_ref().or_else(next)));
        }
        let both = |one, other| seen.contains(&one) && seen.contains(&other);
        if seen.contains(&Opens::ToAll) || both(Opens::First, Opens::Last) || both(Opens::Whom, Opens::Wholly)
        {
            let target = self.target(TargetClass::Named, noun, here);
            self.emit(EffectKind::Expose, target, false, name, here);
        }
        if seen.contains(&Opens::Rights) {
            let target = self.target(TargetClass::Named, noun, here);
            self.emit(EffectKind::Grant, target, true, name, here);
        }
        if seen.contains(&Opens::Unguarded) {
            let target = self.target(TargetClass::Named, noun, here);
            self.emit(EffectKind::DisableProtection, target, false, name, here);
        }
    }
}

fn opens(noun: &str, parameter: &str, value: Option<&Data>) -> Opens {
    let on = value.and_then(Data::to_bool) != Some(false);
    let off = value.and_then(Data::to_bool) == Some(false);
    let text = || value.map(Data::to_text).unwrap_or_default().to_lowercase();
    let when = |holds: bool, what: Opens| if holds { what } else { Opens::Nothing };
    match parameter {
        "allowblobpublicaccess"
        | "publiclyaccessible"
        | "publicreadwrite"
        | "publicreadonly"
        | "publicread" => when(on, Opens::ToAll),
        "blockpublicacls" | "blockpublicpolicy" | "ignorepublicacls" | "restrictpublicbuckets" => {
            when(off, Opens::ToAll)
        }
        _ if parameter.starts_with("publicaccessblockconfiguration_") => when(off, Opens::ToAll),
        "acl" | "cannedacl" | "cannedaclname" => when(text().starts_with("public-read"), Opens::ToAll),
        "permission" | "publicaccess" if noun.contains("storagecontainer") => {
            when(matches!(text().as_str(), "blob" | "container"), Opens::ToAll)
        }
        "policy" | "policydocument" | "policytext" => when(is_for_all(&text()), Opens::ToAll),
        "cidrip" | "ippermission" | "ippermissions" | "ipranges" => {
            when(holds_every_address(value, 0), Opens::ToAll)
        }
        "startipaddress" => when(text() == "0.0.0.0", Opens::First),
        "endipaddress" => when(text() == "255.255.255.255", Opens::Last),
        "role" if noun == "managementroleassignment" => when(
            matches!(
                text().as_str(),
                "active directory permissions"
                    | "applicationimpersonation"
                    | "mailbox import export"
                    | "role management"
                    | "unscoped role management"
            ),
            Opens::Rights,
        ),
        "accountname" => when(is_everybody(&text()), Opens::Whom),
        "accessright" => when(matches!(text().as_str(), "full" | "change"), Opens::Wholly),
        "adminauditlogenabled" | "auditenabled" | "unifiedauditlogingestionenabled" => {
            when(off, Opens::Unguarded)
        }
        "allowreversiblepasswordencryption"
        | "doesnotrequirepreauth"
        | "passwordnotrequired"
        | "reversibleencryptionenabled" => when(on, Opens::Unguarded),
        "complexityenabled" => when(off, Opens::Unguarded),
        "minpasswordlength" => when(text() == "0", Opens::Unguarded),
        // Whoever is asked may take one's name on to any machine.
        "delegatecomputer" => when(text() == "*", Opens::Unguarded),
        "groupname" | "usergroup" if noun.ends_with("attribute") => when(text() == "all", Opens::ToAll),
        "sharingcapability" => when(text() == "externaluserandguestsharing", Opens::ToAll),
        _ => Opens::Nothing,
    }
}

fn is_everybody(name: &str) -> bool {
    let name = name.rsplit('\\').next().unwrap_or(name);
    matches!(
        name,
        "anonymous logon" | "authenticated users" | "everyone" | "guest" | "guests" | "users" | "s-1-1-0"
    )
}

/// True for a policy that names nobody in particular.
fn is_for_all(policy: &str) -> bool {
    let dense: String = policy.chars().filter(|letter| !letter.is_whitespace()).take(4096).collect();
    dense.contains(r#""allow""#)
        && [r#""principal":"*""#, r#""principal":{"aws":"*""#].iter().any(|all| dense.contains(all))
}

fn holds_every_address(value: Option<&Data>, depth: usize) -> bool {
    match value {
        Some(Data::Map(map)) if depth < 4 => {
            map.iter().take(16).any(|(_, value)| holds_every_address(Some(value), depth + 1))
        }
        Some(Data::List(list)) if depth < 4 => {
            list.iter().take(16).any(|value| holds_every_address(Some(value), depth + 1))
        }
        Some(value) => matches!(value.to_text().as_str(), "0.0.0.0/0" | "::/0"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::check_all;
    use crate::{Context, Dialect, Os};

    #[test]
    fn what_is_opened_to_all() {
        check_all(
            &Context::new(Dialect::PowerShell).with_os(Os::Windows),
            &[
                (High, "Get-AzStorageAccount | Set-AzStorageAccount -AllowBlobPublicAccess $true"),
                (
                    Moderate,
                    "Get-AzStorageAccount | Set-AzStorageAccount -Name a -AllowBlobPublicAccess $false",
                ),
                (Safe, "Set-AzStorageAccount -Name a -AllowBlobPublicAccess $true -WhatIf"),
                (High, "Set-S3ACL -BucketName data -PublicReadWrite"),
                (Safe, "Get-S3ACL -BucketName data"),
                (
                    High,
                    r#"Write-S3BucketPolicy -BucketName data -Policy '{"Effect": "Allow", "Principal": "*"}'"#,
                ),
                (
                    Safe,
                    r#"Write-S3BucketPolicy -BucketName data -Policy '{"Effect": "Deny", "Principal": "*"}'"#,
                ),
                (High, "New-AzSqlServerFirewallRule -StartIpAddress 0.0.0.0 -EndIpAddress 255.255.255.255"),
                (Safe, "New-AzSqlServerFirewallRule -StartIpAddress 0.0.0.0 -EndIpAddress 0.0.0.0"),
                (
                    High,
                    "Grant-EC2SecurityGroupIngress -GroupId s -IpPermission @{IpProtocol='-1';IpRanges='0.0.0.0/0'}",
                ),
                (
                    Moderate,
                    "Grant-EC2SecurityGroupIngress -GroupId s -IpPermission @{IpProtocol='-1';IpRanges='10.0.0.0/8'}",
                ),
                (High, "Get-SmbShare | Grant-SmbShareAccess -AccountName Everyone -AccessRight Full -Force"),
                (Moderate, "Grant-SmbShareAccess -Name s -AccountName Everyone -AccessRight Read -Force"),
                (High, "Set-ADAccountControl -Identity svc -DoesNotRequirePreAuth $true"),
                (Moderate, "Set-ADAccountControl -Identity svc -DoesNotRequirePreAuth $false"),
                (High, "Edit-EC2SnapshotAttribute -SnapshotId s -OperationType add -GroupName all"),
                (Safe, "Edit-EC2SnapshotAttribute -SnapshotId s -OperationType add -UserId 123456789012"),
                (High, "Set-SPOTenant -SharingCapability ExternalUserAndGuestSharing"),
                (Safe, "Set-SPOTenant -SharingCapability Disabled"),
                (High, "Set-ADDefaultDomainPasswordPolicy -Identity corp -ReversibleEncryptionEnabled $true"),
                (High, "Enable-WSManCredSSP -Role Client -DelegateComputer * -Force"),
                (Moderate, "Enable-WSManCredSSP -Role Client -DelegateComputer srv1 -Force"),
                (High, "Set-AdminAuditLogConfig -AdminAuditLogEnabled $false"),
                (Safe, "Set-AdminAuditLogConfig -AdminAuditLogEnabled $true"),
            ],
        );
    }
}
