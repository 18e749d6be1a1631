//! Hosting platforms: `heroku`, `fly`, `vercel`.

mod apps;
mod cloudflared;
mod data;
mod doctl;
mod dokku;
mod firebase;
mod fly;
mod foundry;
mod heroku;
mod hosting;
mod inner;
mod kamal;
mod neon;
mod netlify;
mod planetscale;
mod railway;
mod services;
mod vercel;
mod wrangler;

use super::{How, Program};

const fn code(
    names: &'static [&'static str],
    judge: fn(&super::Call<'_>, &mut super::Judge<'_>),
) -> Program {
    Program { names, how: How::Code(judge) }
}

const fn table(names: &'static [&'static str], cli: &'static super::Cli) -> Program {
    Program { names, how: How::Table(cli) }
}

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    table(&["convex"], &apps::CONVEX),
    table(&["eas", "eas-cli"], &apps::EAS),
    table(&["appwrite"], &apps::APPWRITE),
    code(&["heroku"], heroku::judge),
    code(&["netlify", "ntl", "netlify-cli"], netlify::judge),
    table(&["vercel", "vc", "now"], &vercel::VERCEL),
    table(&["fly", "flyctl"], &fly::FLY),
    table(&["railway"], &railway::RAILWAY),
    code(&["wrangler"], wrangler::judge),
    code(&["firebase", "firebase-tools"], firebase::judge),
    table(&["cloudflared"], &cloudflared::CLOUDFLARED),
    table(&["doctl"], &doctl::DOCTL),
    table(&["pscale"], &planetscale::PSCALE),
    table(&["neon", "neonctl"], &neon::NEON),
    table(&["cf", "cf7", "cf8"], &foundry::CF),
    code(&["dokku"], dokku::judge),
    table(&["kamal"], &kamal::KAMAL),
    table(&["render"], &hosting::RENDER),
    code(&["platform", "upsun"], hosting::upsun),
    table(&["clever"], &hosting::CLEVER),
    code(&["scalingo"], hosting::scalingo),
    table(&["koyeb"], &hosting::KOYEB),
    table(&["northflank", "nf"], &hosting::NORTHFLANK),
    table(&["caprover"], &hosting::CAPROVER),
    table(&["surge"], &hosting::SURGE),
    table(&["hcloud"], &hosting::HCLOUD),
    table(&["linode-cli", "vultr-cli", "vultr"], &hosting::SERVERS),
    table(&["stripe"], &services::STRIPE),
    code(&["twilio"], services::twilio),
    table(&["sentry-cli"], &services::SENTRY),
    table(&["auth0", "okta", "ldcli"], &services::IDENTITY),
    table(&["algolia", "contentful", "sanity", "newrelic"], &services::CONTENT),
    code(&["pd"], services::pagerduty),
    code(&["shopify"], services::shopify),
    table(&["datadog-ci"], &services::REPORTS),
    table(&["dbt"], &data::DBT),
    table(&["airflow"], &data::AIRFLOW),
    table(&["temporal"], &data::TEMPORAL),
    table(&["prefect", "dagster"], &data::FLOWS),
    table(&["databricks"], &data::DATABRICKS),
    table(&["turso"], &data::TURSO),
    table(&["xata", "ccloud"], &data::CLUSTERS),
    table(&["spark-submit", "spark-shell", "pyspark"], &data::SPARK),
];
