//! Packages that make a new project: what everybody is told to start one with, run without being installed before.

use super::data;

/// Their names. Sorted.
const NAMES: &[&str] = &[
    "@angular/cli",
    "@ionic/cli",
    "@nestjs/cli",
    "@react-native-community/cli",
    "@redwoodjs/create-app",
    "@sanity/cli",
    "@storybook/cli",
    "@tarojs/cli",
    "@vue/cli",
    "create-astro",
    "create-docusaurus",
    "create-electron-app",
    "create-elysia",
    "create-expo",
    "create-expo-app",
    "create-hono",
    "create-next-app",
    "create-nuxt",
    "create-nx-workspace",
    "create-payload-app",
    "create-preact",
    "create-qwik",
    "create-react-app",
    "create-react-native-app",
    "create-react-router",
    "create-remix",
    "create-rsbuild",
    "create-rspack",
    "create-rspress",
    "create-sanity",
    "create-slidev",
    "create-solid",
    "create-strapi-app",
    "create-svelte",
    "create-t3-app",
    "create-tauri-app",
    "create-turbo",
    "create-vite",
    "create-vue",
    "create-waku",
    "express-generator",
    "nuxi",
];

/// True for one of them, in whichever version: `create-vite@latest`.
pub(super) fn is_scaffold(package: &str) -> bool {
    let at =
        package.char_indices().skip(1).find(|(_, letter)| *letter == '@').map_or(package.len(), |(at, _)| at);
    let (name, version) = package.split_at(at);
    data::holds(NAMES, name)
        && version.chars().all(|letter| letter.is_ascii_alphanumeric() || "@.-^~".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn the_table_is_sorted() {
        assert!(NAMES.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn new_projects() {
        check_all(
            &context(),
            &[
                (Safe, "npx -y create-vite@latest my-app --template react-ts"),
                (Safe, "npx --yes create-next-app@latest web"),
                (Safe, "npx -y @angular/cli@latest new web"),
                (Safe, "npm create vite@latest my-app"),
                (Safe, "pnpm create next-app@latest web"),
                (Safe, "yarn create vite my-app"),
                (Safe, "bun create astro@latest web"),
                (Safe, "bunx create-vite@latest web"),
                (Moderate, "npx -y create-vlte@latest my-app"),
                (Moderate, "npx -y create-acme-thing@latest ."),
                (Moderate, "npx -y @evil/create-vite@latest ."),
            ],
        );
    }
}
