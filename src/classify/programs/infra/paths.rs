//! Where something acts, told by a directory or a file: `envs/prod/main`, `staging.tfvars`.

use crate::{
    classify::{Judge, Word},
    domain::{Environment, Place, PlaceKind},
};

/// Takes the most dangerous environment that a part of a path is known to be. A part that nobody
/// has spoken of says nothing.
pub fn at(path: &Word, judge: &mut Judge<'_>) {
    let places = judge.setting().places;
    let parts = path.prefix().split(['/', '.', '_', '-', '\\']).filter(|part| !part.is_empty());
    let named = parts.take(32).map(|part| {
        places.environment(&Place { kind: PlaceKind::Name, name: part.to_owned().into() })
    });
    if let Some(environment) = named.filter(|found| *found != Environment::Unknown).min() {
        judge.at(environment);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        classify::{Files, NoFiles, Setting, command},
        domain::{Class, Environment, Place, Places},
    };

    struct Known;

    impl Places for Known {
        fn environment(&self, place: &Place<'_>) -> Environment {
            match place.name.as_ref() {
                "prod" => Environment::Production,
                "staging" => Environment::NonProduction,
                _ => Environment::Unknown,
            }
        }
    }

    struct Plan;

    impl Files for Plan {
        fn read(&self, name: &str) -> Option<String> {
            let change = r#"{"address":"aws_db_instance.db","type":"aws_db_instance","name":"db",
                "mode":"managed","change":{"actions":["delete"],"before":{},"after":null}}"#;
            (name == "plan.json")
                .then(|| format!(r#"{{"format_version":"1.2","resource_changes":[{change}]}}"#))
        }
    }

    fn place(input: &str) -> Environment {
        let setting = Setting { places: &Known, ..Setting::default() };
        command(input, &setting).effects[0].environment
    }

    #[test]
    fn a_directory_or_a_file_says_where_it_acts() {
        for input in [
            "terraform -chdir=envs/prod/network destroy",
            "terraform -chdir envs/prod plan",
            "terraform plan -var-file=prod.tfvars",
            "terraform plan -var-file vars/eu-prod.tfvars -var-file=staging.tfvars",
            "terragrunt --working-dir live/prod plan",
            "terragrunt --terragrunt-working-dir=live/prod run-all plan",
            "TF_WORKSPACE=prod terraform destroy",
            "ansible -i inventories/prod all -m ping",
            "pulumi preview -s prod",
            "kubectl -n prod get pods",
            "docker --context prod ps",
            "helm list --kube-context=prod",
        ] {
            assert_eq!(place(input), Environment::Production, "{input}");
        }
        assert_eq!(place("terraform -chdir=envs/staging plan"), Environment::NonProduction);
        assert_eq!(place("terraform -chdir=envs/other plan"), Environment::Unknown);
        assert_eq!(place("terraform plan -out prod"), Environment::Unknown);
    }

    #[test]
    fn what_runs_inside_acts_where_the_outside_does() {
        assert_eq!(place("kubectl -n prod exec api-0 -- docker ps"), Environment::Production);
        assert_eq!(place("docker --context prod exec api docker ps"), Environment::Production);
    }

    #[test]
    fn a_plan_that_is_given_is_read() {
        let class = |input: &str, files: &dyn Files| {
            let setting = Setting { files, ..Setting::default() };
            command(input, &setting).class()
        };
        assert_eq!(class("terraform apply plan.json", &NoFiles), Class::Opaque);
        assert_eq!(class("terraform apply plan.json", &Plan), Class::Destructive);
        assert_eq!(class("terraform apply other.json", &Plan), Class::Opaque);
    }
}
