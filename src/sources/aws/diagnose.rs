//! `doctor` for one account: who we are, and every permission by its documented name.
//!
//! Reads are tried, on real things where there are some and else on a name nobody has: AWS
//! checks permission first, so "no such entity" means that the call is allowed. Writes are never
//! tried; AWS's own policy simulator is asked about them, and where it cannot be asked, that is
//! what is said.

use super::{
    connect::Clients,
    fault::fault,
    listing::{self, Identity},
    seal::SEAL_POLICY_NAME,
};
use crate::{
    domain::{FaultKind, SourceFault},
    sources::{Diagnosis, Verdict, skew},
};
use aws_sdk_iam::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::BeforeDeserializationInterceptorContextRef,
    },
    error::BoxError,
    types::PolicyEvaluationDecisionType,
};
use jiff::Timestamp;
use std::sync::{Arc, Mutex};

/// A name that no user and no role has.
const NOBODY: &str = "countersign-doctor-probe";

/// Permissions an order needs, which cannot be tried without giving the order.
const WRITES: [(&str, &str); 3] = [
    ("iam:UpdateAccessKey", "switch access keys off and on"),
    ("iam:PutRolePolicy", "seal roles"),
    ("iam:DeleteRolePolicy", "unseal roles"),
];

pub(super) async fn diagnose(clients: &Clients) -> Vec<Diagnosis> {
    let me = match listing::identity(clients).await {
        Ok(me) => me,
        Err(why) => {
            // A wrong clock looks like a wrong key.
            let mut all = Vec::new();
            if matches!(why.kind, FaultKind::BadToken | FaultKind::Forbidden | FaultKind::Refused) {
                all.extend(clock(clients).await);
            }
            all.insert(0, judged("identity", Err(why)));
            return all;
        }
    };
    let mut all = vec![judged("identity", Ok(me.arn.clone()))];
    all.extend(clock(clients).await);
    let iam = &clients.iam;

    let call = "iam:GetAccountAuthorizationDetails";
    let first = iam.get_account_authorization_details().max_items(1).send().await;
    let first = first.map_err(|error| fault(call, &error));
    all.push(judged(call, first.as_ref().map(|_| tried()).map_err(Clone::clone)));
    let user = first.ok().and_then(|page| page.user_detail_list?.into_iter().next()?.user_name);
    // Most policies let users see at least their own keys; another user tells more.
    let user = user.unwrap_or_else(|| NOBODY.to_owned());

    let keys = listing::list_keys(iam, &user).await;
    let key = keys.as_ref().ok().and_then(|keys| keys.first()).map(|key| key.id.clone());
    let saw = keys.map(|keys| format!("{} of user {user}", keys.len()));
    all.push(judged("iam:ListAccessKeys", saw));
    all.push(last_used(clients, key).await);

    let oidc = iam.list_open_id_connect_providers().send().await;
    let oidc = oidc.map_err(|error| fault("iam:ListOpenIDConnectProviders", &error));
    let arn = oidc
        .as_ref()
        .ok()
        .and_then(|list| list.open_id_connect_provider_list.as_ref()?.first()?.arn.clone());
    all.push(judged("iam:ListOpenIDConnectProviders", oidc.map(|_| tried())));
    let arn = arn.unwrap_or_else(|| {
        format!("arn:{}:iam::{}:oidc-provider/{NOBODY}.invalid", partition(&me), me.account)
    });
    let call = "iam:GetOpenIDConnectProvider";
    let provider =
        iam.get_open_id_connect_provider().open_id_connect_provider_arn(arn).send().await;
    all.push(judged(call, provider.map(|_| tried()).map_err(|error| fault(call, &error))));

    let saml = listing::saml_providers(iam).await;
    all.push(judged("iam:ListSAMLProviders", saml.map(|list| format!("{} providers", list.len()))));
    let alias = listing::alias(iam).await;
    let alias = alias.map(|alias| alias.unwrap_or_else(|| "the account has no alias".to_owned()));
    all.push(judged("iam:ListAccountAliases", alias));

    let call = "iam:GetRole";
    let role = iam.get_role().role_name(NOBODY).send().await;
    all.push(judged(call, role.map(|_| tried()).map_err(|error| fault(call, &error))));
    let call = "iam:GetRolePolicy";
    let policy = iam.get_role_policy().role_name(NOBODY).policy_name(SEAL_POLICY_NAME).send().await;
    all.push(judged(call, policy.map(|_| tried()).map_err(|error| fault(call, &error))));

    all.extend(writes(clients, &me).await);
    all
}

/// Our clock against STS's, which answers with its own even where it refuses.
async fn clock(clients: &Clients) -> Option<Diagnosis> {
    let seen = DateSeen::default();
    let asked = Timestamp::now();
    // Only the answer's date matters; what it says was judged before.
    let _ = clients.sts.get_caller_identity().customize().interceptor(seen.clone()).send().await;
    let date = seen.0.lock().ok()?.clone()?;
    skew::check(&date, asked, Timestamp::now())
}

/// Keeps the `Date` of the last answer.
#[derive(Debug, Clone, Default)]
struct DateSeen(Arc<Mutex<Option<String>>>);

impl Intercept for DateSeen {
    fn name(&self) -> &'static str {
        "DateSeen"
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Ok(mut seen) = self.0.lock() {
            *seen = context.response().headers().get("date").map(str::to_owned);
        }
        Ok(())
    }
}

fn tried() -> String {
    "tried, answered".to_owned()
}

fn judged(what: &str, result: Result<String, SourceFault>) -> Diagnosis {
    let verdict = match result {
        Ok(saw) => Verdict::Good { saw: saw.into() },
        Err(why) if why.kind == FaultKind::NotFound => {
            Verdict::Good { saw: "tried on a name nobody has; allowed".into() }
        }
        Err(why) => Verdict::Bad {
            next_step: why.next_step(),
            problem: format!("{why}: {}", why.detail.raw()).into(),
        },
    };
    Diagnosis { what: what.to_owned(), verdict }
}

/// AWS answers "access denied" for keys it does not know, so only a real key can tell.
async fn last_used(clients: &Clients, key: Option<String>) -> Diagnosis {
    let what = "iam:GetAccessKeyLastUsed";
    let Some(key) = key else {
        let verdict = Verdict::Warning {
            problem: "not checked: no access key was found to ask about".into(),
            next_step: format!("make sure `{what}` is granted; a poll says so if it is not"),
        };
        return Diagnosis { what: what.to_owned(), verdict };
    };
    judged(what, listing::last_used(&clients.iam, &key).await.map(|_| tried()))
}

/// Asks the policy simulator about ourselves.
async fn writes(clients: &Clients, me: &Identity) -> Vec<Diagnosis> {
    let simulated = simulate(clients, me).await;
    WRITES
        .iter()
        .map(|(action, purpose)| {
            let verdict = match &simulated {
                Ok(allowed) if allowed.iter().any(|name| name.eq_ignore_ascii_case(action)) => {
                    Verdict::Good { saw: "allowed, by AWS's policy simulator".into() }
                }
                Ok(_) => Verdict::Warning {
                    problem: "not allowed on every resource, by AWS's policy simulator".into(),
                    next_step: format!("grant `{action}` to {purpose}, or leave it so to only watch"),
                },
                Err(why) => Verdict::Warning {
                    problem: format!("not checked: {why}").into(),
                    next_step: format!(
                        "make sure `{action}` is granted if you want to {purpose}; it cannot be tried without doing it"
                    ),
                },
            };
            Diagnosis { what: (*action).to_owned(), verdict }
        })
        .collect()
}

/// The writes we are allowed on every resource, or why that cannot be known.
async fn simulate(clients: &Clients, me: &Identity) -> Result<Vec<String>, String> {
    let call = "iam:SimulatePrincipalPolicy";
    let source = if me.arn.ends_with(":root") {
        return Ok(WRITES.iter().map(|(action, _)| (*action).to_owned()).collect());
    } else if let Some((_, session)) = me.arn.split_once(":assumed-role/") {
        // The simulator wants the role, and its path is not part of the session's ARN.
        let name = session.split('/').next().unwrap_or_default();
        let role = clients.iam.get_role().role_name(name).send().await;
        let role = role.map_err(|error| told(&fault("iam:GetRole", &error)))?.role;
        role.ok_or("iam:GetRole answered without a role")?.arn
    } else {
        me.arn.clone()
    };
    let answer = clients
        .iam
        .simulate_principal_policy()
        .policy_source_arn(source)
        .set_action_names(Some(WRITES.iter().map(|(action, _)| (*action).to_owned()).collect()))
        .send()
        .await
        .map_err(|error| told(&fault(call, &error)))?;
    let results = answer.evaluation_results.unwrap_or_default();
    Ok(results
        .into_iter()
        .filter(|result| result.eval_decision == PolicyEvaluationDecisionType::Allowed)
        .map(|result| result.eval_action_name)
        .collect())
}

fn told(why: &SourceFault) -> String {
    why.to_string()
}

fn partition(me: &Identity) -> &str {
    me.arn.split(':').nth(1).unwrap_or("aws")
}
