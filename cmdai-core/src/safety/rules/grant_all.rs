//! The rule `grant-all`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Gives somebody all rights in a database.
    ///
    /// ## Why
    /// Who has them reads, changes and drops everything, and can give the rights on.
    ///
    /// ## Instead
    /// Grant what is needed: `GRANT SELECT, INSERT ON orders TO app`.
    ///
    /// ```sh,flagged
    /// mysql -e "GRANT ALL PRIVILEGES ON *.* TO 'app'@'%'"
    /// mysql -e "GRANT ALL ON shop.* TO 'shop'@'%'"
    /// psql -c "ALTER ROLE app SUPERUSER"
    /// psql -c "CREATE ROLE app WITH SUPERUSER LOGIN"
    /// ```
    /// ```sh,clean
    /// psql -c "GRANT SELECT ON orders TO app"
    /// mysql -e "GRANT ALL ON shop.* TO 'shop'@'localhost'"
    /// mysql -e "SHOW GRANTS FOR app"
    /// psql -c "SELECT rolsuper FROM pg_roles"
    /// echo "GRANT ALL ON *.* TO app"
    /// ```
    GRANT_ALL { name: "grant-all", subject: Subject::Effects(&[EffectKind::Configure], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    (effect.detail == "all-rights")
        .then(|| Alarm::new(Risk::High, format!("Gives all rights in a database: {}.", effect.target.text)))
}
