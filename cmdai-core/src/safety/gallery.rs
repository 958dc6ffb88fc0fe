//! Modules of the PowerShell Gallery that everybody knows: to install one without being asked whether the gallery is trusted is
//! what their own pages tell people to do.

/// Their names in lower case. Sorted; who joins is made by Microsoft or by a publisher of a product, or is in the gallery's list
/// of the most fetched.
const KNOWN: &[&str] = &[
    "aws.tools.common",
    "aws.tools.installer",
    "awspowershell",
    "awspowershell.netcore",
    "azuread",
    "carbon",
    "chocolatey",
    "dbatools",
    "exchangeonlinemanagement",
    "importexcel",
    "invokebuild",
    "microsoft.graph",
    "microsoftteams",
    "msonline",
    "nuget",
    "oh-my-posh",
    "packagemanagement",
    "pester",
    "platyps",
    "pnp.powershell",
    "posh-git",
    "posh-ssh",
    "powershell-yaml",
    "powershellget",
    "psake",
    "pscodehealth",
    "psdepend",
    "psfzf",
    "psreadline",
    "psscriptanalyzer",
    "pswindowsupdate",
    "secretmanagement",
    "sharegate",
    "simplysql",
    "sqlserver",
    "terminal-icons",
    "threadjob",
    "vmware.powercli",
    "z",
    "zlocation",
];

/// Beginnings of the names of families, each with its dot. Sorted.
const FAMILIES: &[&str] = &["aws.tools.", "az.", "microsoft.graph.", "microsoft.powershell.", "vmware."];

/// True for one of them, whatever its case.
pub(super) fn is_known(name: &str) -> bool {
    let name = name.trim_matches(['\'', '"']).to_ascii_lowercase();
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter));
    plain
        && (name == "az"
            || KNOWN.binary_search(&name.as_str()).is_ok()
            || FAMILIES.iter().any(|family| name.starts_with(family)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::{Risk, check};
    use crate::{Context, Dialect};

    #[test]
    fn modules_that_everybody_knows() {
        assert!(KNOWN.is_sorted() && FAMILIES.is_sorted());
        let risk = |line: &str| check(line, &Context::new(Dialect::PowerShell)).risk;
        for line in [
            "Install-Module -Name ImportExcel -Scope CurrentUser -Force",
            "Install-Module Az -Repository PSGallery -Force",
            "Install-Module Az.Accounts -Force -AllowClobber",
        ] {
            assert_eq!(risk(line), Risk::Safe, "{line}");
        }
        for line in [
            "Install-Module Whatever -Force",
            "Install-Module Pester -Repository Mine -Force",
            "Install-Module $name -Force",
        ] {
            assert_eq!(risk(line), Risk::Moderate, "{line}");
        }
    }
}
